import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type JsonObject } from './json.js';
import { valueForSchema } from './schema-value.js';
import { Random } from './seed.js';

const SCHEMAS: Record<string, JsonObject> = {
  flat: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 3, maxLength: 12 },
      age: { type: 'integer', minimum: 18, maximum: 20 },
      share: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
      tags: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 4 },
      mood: { enum: ['good', 'bad'] },
      on: { type: 'boolean' },
      code: { type: 'string', pattern: '^[A-Z]{3}$' },
      when: { type: 'string', format: 'date-time' },
      steps: { type: 'integer', multipleOf: 5, minimum: 1 },
    },
    required: ['name', 'age', 'share', 'tags', 'mood', 'on', 'code', 'when', 'steps'],
    additionalProperties: false,
  },
  nested: {
    $defs: {
      node: {
        type: 'object',
        properties: { v: { type: 'integer' }, next: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/node' }] } },
        required: ['v'],
      },
    },
    type: 'object',
    properties: { root: { $ref: '#/$defs/node' }, list: { type: 'array', items: { $ref: '#/$defs/node' } } },
    required: ['root', 'list'],
  },
  union: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'number' }] }, minItems: 1 },
};

describe('valueForSchema', () => {
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    it(`satisfies the ${name} schema for every seed`, () => {
      const validator = z.fromJSONSchema(schema);
      for (let seed = 0; seed < 200; seed++) {
        const value = valueForSchema(schema, { random: new Random(seed), prefix: '[simulated] ' });
        expect(validator.safeParse(value).error?.issues ?? [], JSON.stringify(value)).toEqual([]);
      }
    });
  }

  it('reads Gemini’s own spelling and order, and is the same for the same seed', () => {
    const schema = {
      type: 'OBJECT',
      properties: { b: { type: 'STRING', format: 'enum', enum: ['x'] }, a: { type: 'INTEGER', nullable: true } },
      propertyOrdering: ['a', 'b'],
      required: ['a', 'b'],
    };
    const make = (): string => JSON.stringify(valueForSchema(schema, { random: new Random(1), prefix: '' }));
    expect(make()).toMatch(/^\{"a":\d+,"b":"x"\}$/);
    expect(make()).toBe(make());
  });

  it('ends on schemas without an end', () => {
    const endless = { $ref: '#' };
    expect(valueForSchema(endless, { random: new Random(1), prefix: '' })).toEqual(expect.anything());
    const bottomless = { type: 'object', properties: { down: { $ref: '#' } }, required: ['down'] };
    expect(JSON.stringify(valueForSchema(bottomless, { random: new Random(1), prefix: '' })).length).toBeLessThan(
      100_000,
    );
    const wide = { type: 'array', minItems: 1_000_000, items: { type: 'boolean' } };
    expect((valueForSchema(wide, { random: new Random(1), prefix: '' }) as unknown[]).length).toBeLessThanOrEqual(
      2_000,
    );
  });
});
