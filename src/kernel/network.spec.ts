import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { networkOf } from './network.js';

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:cb00:7107', '203.0.113.7'],
  ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:51234', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['[2001:db8::1]:443', '2001:db8:0:0::/64'],
  ['[2001:db8::1]', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it.each([
  '',
  'unknown',
  '_hidden',
  '1.2.3',
  '1.2.3.4.',
  '1.2.3.256',
  '1.2.3.04',
  '1.2.3.4::',
  '::1.2.3.4:1',
  '1.2.3.4.5',
  '1:2:3',
  '1::2::3',
  '1:2:3:4:5:6:7:8:9',
  ':1:2:3:4:5:6:7',
  '12345::',
  '::g',
  `${'1'.repeat(200)}::`,
])('%j is no address', (text) => {
  expect(networkOf(text)).toBeUndefined();
});

it('takes what Node takes for an address, and gives it the name of all its neighbours', () => {
  fc.assert(
    fc.property(fc.ipV6(), fc.integer({ min: 0, max: 0xffff }), (address, last) => {
      expect(isIPv6(address)).toBe(true);
      const network = networkOf(address);
      expect(network).toBeDefined();
      if (network?.endsWith('::/64') === true)
        expect(networkOf(`${network.slice(0, -3)}${last.toString(16)}`)).toBe(network);
    }),
    { numRuns: 1_000 },
  );
  fc.assert(
    fc.property(fc.ipV4(), (address) => networkOf(address) === address && networkOf(`::ffff:${address}`) === address),
  );
});

it('makes no name of what is no address', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('0', '1', 'f', ':', '::', '.', '1.25.0.1'), maxLength: 20 }),
      (text) => {
        const plain = text.replace(/:\d+$/, '');
        if (networkOf(text) !== undefined) expect(isIPv4(text) || isIPv6(text) || isIPv4(plain)).toBe(true);
        else expect(isIPv4(text) || isIPv6(text)).toBe(false);
      },
    ),
    { numRuns: 20_000 },
  );
});
