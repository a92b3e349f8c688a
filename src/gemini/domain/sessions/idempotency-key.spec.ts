import { describe, expect, it } from 'vitest';
import { readIdempotencyKey } from './idempotency-key.js';

describe('readIdempotencyKey', () => {
  it.each([
    ['a', 'a'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"8e03978e-40d5"', '8e03978e-40d5'],
    [' a ', 'a'],
    ['"a\\"b\\\\"', 'a"b\\'],
    ['!~a"b', '!~a"b'],
    ['x'.repeat(255), 'x'.repeat(255)],
    [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
  ])('reads %.60j', (header, key) => {
    expect(readIdempotencyKey(header)).toBe(key);
  });

  it.each([
    '',
    ' ',
    '""',
    '"',
    'a b',
    'a, b',
    '"a b"',
    'é',
    'a\tb',
    '"a',
    '"a"b"',
    'x'.repeat(256),
    `"${'x'.repeat(256)}"`,
  ])('refuses %.20j', (header) => {
    expect(readIdempotencyKey(header)).toBeUndefined();
  });
});
