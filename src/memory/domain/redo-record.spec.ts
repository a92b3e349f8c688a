import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change } from './change.js';
import { decodeRecord, encodeRecord, type RedoRecord, stretches } from './redo-record.js';

const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(null));
const row = fc.dictionary(fc.string({ minLength: 1 }), cell, { noNullPrototype: true });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ table: fc.string(), put: row }),
  fc.record({ table: fc.string(), remove: row }),
);
const natural = fc.nat(Number.MAX_SAFE_INTEGER);
const record: fc.Arbitrary<RedoRecord> = fc.record({
  sequence: natural,
  revision: natural,
  at: natural,
  changes: fc.array(change, { maxLength: 4 }),
});
const records = fc.array(record, { minLength: 1, maxLength: 5 });

const lines = (of: readonly RedoRecord[]): Uint8Array[] => of.map((one) => encodeRecord(one, crc32));
const read = (bytes: Uint8Array): (RedoRecord | string)[] =>
  Array.from(stretches(bytes, crc32), (stretch) =>
    stretch.kind === 'record' ? decodeRecord(bytes, stretch) : stretch.kind,
  );

describe('redo records', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(records, (written) => {
        expect(read(Buffer.concat(lines(written)))).toEqual(written);
      }),
    );
  });

  it('are told from an end that is cut anywhere', () => {
    fc.assert(
      fc.property(records, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (written, part) => {
        const all = lines(written);
        const last = all.at(-1)!;
        const cut = Math.floor(part * last.length);
        const kept = Buffer.concat([...all.slice(0, -1), last.subarray(0, cut)]);
        expect(read(kept)).toEqual([...written.slice(0, -1), ...(cut === 0 ? [] : ['torn'])]);
      }),
    );
  });

  it('are told from those with a byte that has changed, and the others are still read', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (written, which, where, flip) => {
        const all = lines(written);
        const victim = all[which % all.length]!;
        victim[where % (victim.length - 1)]! ^= flip;
        const found = read(Buffer.concat(all));
        expect(found).toContain('damaged');
        expect(found.filter((one) => typeof one !== 'string')).toEqual(
          written.filter((_, place) => place !== which % all.length),
        );
      }),
    );
  });

  it('are not seen in zeros or noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        expect(read(noise).filter((one) => typeof one !== 'string')).toEqual([]);
      }),
    );
    expect(read(new Uint8Array(4096))).toEqual(['torn']);
  });
});
