import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topLevelMembers, valueAt } from './json-scan.js';

const members = (text: string, ...names: string[]): unknown[] | undefined => {
  const json = Buffer.from(text);
  const found = topLevelMembers(json, names);
  return found === undefined ? undefined : names.map((name) => valueAt(json, found.get(name)));
};

describe('topLevelMembers', () => {
  it('finds members wherever they stand, and only at the top', () => {
    const text = '{"messages":[{"role":"model","content":"say \\"model\\": \\\\"}], "model" : "m-1" ,"stream":true}';
    expect(members(text, 'model', 'stream', 'role')).toEqual(['m-1', true, undefined]);
  });

  it('takes the last of two, as JSON.parse does', () => {
    expect(members('{"a":1,"a":2}', 'a')).toEqual([2]);
  });

  it.each([
    '',
    '[]',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":"x',
    '{"a":[1}',
    '{"a":1}x',
    '{"a":{"b":1}',
    'null',
    '{a:1}',
  ])('refuses %s', (text) => {
    expect(members(text, 'a')).toBeUndefined();
  });

  it('agrees with JSON.parse on any object, compact or indented', () => {
    const object = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(object, fc.boolean(), (value, indented) => {
        const text = JSON.stringify(value, null, indented ? 2 : undefined);
        const parsed = JSON.parse(text) as Record<string, unknown>;
        // Names with escapes are compared by their written form, which is enough for the names we ask for.
        const names = Object.keys(parsed).filter(
          (name) => JSON.stringify(name) === `"${name}"` && /^[ -~]*$/.test(name),
        );
        expect(members(text, ...names)).toEqual(names.map((name) => parsed[name]));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses every proper prefix of an object', () => {
    const text = '{"candidates":[{"content":{"parts":[{"text":"a\\"b"}]}}],"usageMetadata":{"totalTokenCount":3}}';
    for (let cut = 0; cut < text.length; cut++) expect(members(text.slice(0, cut), 'x')).toBeUndefined();
  });
});
