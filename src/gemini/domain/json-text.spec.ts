import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextScan, textOf } from './json-text.js';
import { memoryOf } from './memory-of.js';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What the string that ends where the scan found its end is to JSON; undefined where that is none, or no UTF-8. */
function parsed(bytes: Buffer): string | undefined {
  try {
    const value: unknown = JSON.parse(strict.decode(bytes));
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Pieces of strings, sound and not. */
const piece = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(JSON.stringify(text).slice(1, -1))),
  fc
    .constantFrom(
      '\\n',
      '\\"',
      '\\/',
      '\\u00e9',
      '\\ud83d\\ude00',
      '\\uD83D',
      '\\u12',
      '\\u00g0',
      '\\x',
      '\\',
      '\t',
      '\0',
      '\x7f',
    )
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      [0xc0, 0x80],
      [0xe0, 0x9f, 0xbf],
      [0xed, 0xa0, 0x80],
      [0xf0, 0x8f, 0xbf, 0xbf],
      [0xf4, 0x90, 0x80, 0x80],
    )
    .map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      [0xc2, 0x80],
      [0xe0, 0xa0, 0x80],
      [0xed, 0x9f, 0xbf],
      [0xf0, 0x90, 0x80, 0x80],
      [0xf4, 0x8f, 0xbf, 0xbf],
    )
    .map((bytes) => Buffer.from(bytes)),
);

it('finds the strings that JSON and UTF-8 allow, no others, and how long they are', () => {
  let found = 0;
  let refused = 0;
  const scan = new TextScan();
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
      const inside = Buffer.concat(pieces);
      const bytes = Buffer.concat([Buffer.from('xx"'), inside, Buffer.from('"yy')]);
      const { byteOffset: start } = bytes;
      const memory = memoryOf(bytes);
      if (!scan.read(memory, start + 2, start + bytes.length)) {
        refused++;
        // No string begins here, wherever it may end.
        for (let at = 3; at < bytes.length; at++)
          if (bytes[at] === 0x22) expect(parsed(bytes.subarray(2, at + 1))).toBeUndefined();
        return;
      }
      found++;
      const to = scan.to - start;
      const text = parsed(bytes.subarray(2, to + 1));
      expect(text).toBeDefined();
      expect(textOf(scan, memory)).toBe(text);
      const escaped = bytes.subarray(3, to).includes('\\');
      expect(scan).toMatchObject({ from: start + 3, units: text?.length, escaped });
    }),
    { numRuns: 20_000 },
  );
  expect(found).toBeGreaterThan(2000);
  expect(refused).toBeGreaterThan(2000);
});

it.each(['', 'x"', '"open', '"open\\"', '"\\', '"\\u12', '"é'.slice(0, 2)])('finds none in %j', (text) => {
  // What stands behind the limit would end it.
  const bytes = Buffer.from(`${text}4"`);
  const { byteOffset: start } = bytes;
  expect(new TextScan().read(memoryOf(bytes), start, start + bytes.length - 2)).toBe(false);
  const whole = Buffer.from(Uint8Array.from(Buffer.from(text)).buffer);
  expect(new TextScan().read(memoryOf(whole), 0, whole.length)).toBe(false);
});
