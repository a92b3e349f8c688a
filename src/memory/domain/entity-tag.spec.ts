import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadCondition, entityTag, isKnown, matchCondition, writeCondition } from './entity-tag.js';

const headers = (ifMatch?: string, ifNoneMatch?: string): Parameters<typeof writeCondition>[0] => ({
  ifMatch,
  ifNoneMatch,
});

describe('writeCondition', () => {
  it.each([
    [undefined, undefined, {}],
    ['*', undefined, { is: 'present' }],
    [' * ', undefined, { is: 'present' }],
    ['"12"', undefined, { is: [12] }],
    ['"1", "2" ,,"3"', undefined, { is: [1, 2, 3] }],
    ['W/"12"', undefined, { is: [] }],
    ['W/"1", "2"', undefined, { is: [2] }],
    ['"of-another", "007", ""', undefined, { is: [] }],
    ['"a,b", "4"', undefined, { is: [4] }],
    [undefined, '*', { is: 'absent' }],
  ])('of If-Match %j and If-None-Match %j is %j', (ifMatch, ifNoneMatch, condition) => {
    expect(writeCondition(headers(ifMatch, ifNoneMatch))).toEqual(condition);
  });

  it.each([
    '',
    '12',
    '"12',
    '12"',
    '"1" "2"',
    '"a b"',
    'w/"1"',
    '*, "1"',
    '"1", *',
    `"${'x'.repeat(5000)}"`,
    'W/12',
    ',',
  ])('refuses If-Match %.20j and names it, without repeating it', (header) => {
    expect(() => matchCondition(header)).toThrow(BadCondition);
    expect(() => matchCondition(header)).toThrow(/^If-Match: must be .{0,100}$/);
  });

  it('refuses an If-None-Match that no write can mean', () => {
    expect(() => writeCondition(headers(undefined, '"12"'))).toThrow(/^If-None-Match/);
    expect(() => writeCondition(headers('"1"', '*'))).toThrow(/^If-None-Match/);
  });

  it('holds of the revision whose tag it was given, and of no other', () => {
    const revision = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(fc.array(revision, { minLength: 1 }), (revisions) => {
        expect(matchCondition(revisions.map(entityTag).join(', ')).is).toEqual(revisions);
      }),
    );
  });
});

describe('isKnown', () => {
  it.each([
    [undefined, false],
    ['*', true],
    ['"12"', true],
    ['W/"12"', true],
    ['"1", "12"', true],
    ['"1"', false],
    ['"012"', false],
  ])('of If-None-Match %j and revision 12 is %j', (header, known) => {
    expect(isKnown(header, 12)).toBe(known);
  });

  it('refuses a header that is no list of tags', () => {
    expect(() => isKnown('12', 12)).toThrow(/^If-None-Match: must be/);
  });
});
