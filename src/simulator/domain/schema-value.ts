import { type Json, type JsonObject, listOf, numberOf, objectOf, textOf, textsOf } from './json.js';
import { schemaText } from './schema-text.js';
import { type Random } from './seed.js';
import { NOUNS } from './vocabulary.js';

const MAX_DEPTH = 16;
const MAX_VALUES = 2_000;

/** What a value is made with: the source of chance, and the text that free strings begin with. */
export interface ValueStyle {
  readonly random: Random;
  readonly prefix: string;
}

/**
 * A value that satisfies a JSON schema or one of Gemini's own (types in capitals), the same for the same seed.
 * Bounded: beyond 16 levels or 2,000 values only what is required is filled in.
 */
export function valueForSchema(schema: JsonObject | undefined, style: ValueStyle): Json {
  const root = schema ?? {
    type: 'object',
    properties: { answer: { type: 'string' }, items: { type: 'array', items: { type: 'string' } } },
  };
  return new ValueMaker(root, style).make(root, 0);
}

class ValueMaker {
  readonly #root: JsonObject;
  readonly #style: ValueStyle;
  #left = MAX_VALUES;

  constructor(root: JsonObject, style: ValueStyle) {
    this.#root = root;
    this.#style = style;
  }

  make(unresolved: Json | undefined, depth: number): Json {
    this.#left--;
    const schema = this.#resolve(unresolved);
    if (schema === undefined) return this.#words();
    if (schema.const !== undefined) return schema.const;
    const choices = listOf(schema.enum);
    if (choices.length > 0) return choices[this.#style.random.int(0, choices.length - 1)] ?? null;
    const branch = listOf(schema.anyOf ?? schema.any_of ?? schema.oneOf).find(
      (option) => typeOf(objectOf(option)) !== 'null',
    );
    if (branch !== undefined) return this.make(branch, depth + 1);
    return this.#ofType(schema, depth);
  }

  #ofType(schema: JsonObject, depth: number): Json {
    const { random } = this.#style;
    switch (typeOf(schema)) {
      case 'object':
        return this.#object(schema, depth);
      case 'array':
        return this.#array(schema, depth);
      case 'integer':
        return numberWithin(schema, random, 1);
      case 'number':
        return numberWithin(schema, random, 0.25);
      case 'boolean':
        return random.int(0, 1) === 1;
      case 'null':
        return null;
      default:
        return schemaText(schema, this.#words(), random);
    }
  }

  #object(schema: JsonObject, depth: number): JsonObject {
    const properties = objectOf(schema.properties) ?? {};
    const required = new Set(textsOf(schema.required));
    const ordering = textsOf(schema.propertyOrdering ?? schema.property_ordering);
    const names = new Set([...ordering.filter((name) => name in properties), ...Object.keys(properties), ...required]);
    const made: Record<string, Json> = {};
    for (const name of names) {
      const wanted = required.has(name) || (!this.#exhausted(depth) && this.#style.random.int(1, 4) > 1);
      if (wanted && depth < 4 * MAX_DEPTH) made[name] = this.make(properties[name], depth + 1);
    }
    return made;
  }

  #array(schema: JsonObject, depth: number): readonly Json[] {
    const fixed = listOf(schema.prefixItems);
    const least = numberOf(schema.minItems ?? schema.min_items) ?? 0;
    const most = numberOf(schema.maxItems ?? schema.max_items) ?? Math.max(3, least);
    const count = this.#exhausted(depth)
      ? least
      : Math.max(least, fixed.length, Math.min(most, this.#style.random.int(1, 3)));
    const bounded = Math.min(count, Math.max(0, this.#left));
    return Array.from({ length: bounded }, (_, at) => this.make(fixed[at] ?? schema.items, depth + 1));
  }

  /** Follows a reference within the document and folds the parts of an `allOf` into one. */
  #resolve(schema: Json | undefined, hops = 0): JsonObject | undefined {
    const object = objectOf(schema);
    const reference = textOf(object?.$ref);
    if (reference !== undefined && hops < MAX_DEPTH) {
      const steps = reference
        .replace(/^#\/?/, '')
        .split('/')
        .filter((step) => step !== '');
      return this.#resolve(
        steps.reduce<Json | undefined>((at, step) => objectOf(at)?.[step], this.#root),
        hops + 1,
      );
    }
    const parts = listOf(object?.allOf);
    if (object === undefined || parts.length === 0 || hops >= MAX_DEPTH) return object;
    return parts.reduce<JsonObject>((whole, part) => merge(whole, this.#resolve(part, hops + 1) ?? {}), {
      ...object,
      allOf: undefined,
    });
  }

  #exhausted(depth: number): boolean {
    return depth > MAX_DEPTH || this.#left <= 0;
  }

  #words(): string {
    const { prefix, random } = this.#style;
    return `${prefix}${random.pick(NOUNS)} ${random.pick(NOUNS)}`;
  }
}

function merge(one: JsonObject, other: JsonObject): JsonObject {
  const properties = { ...objectOf(one.properties), ...objectOf(other.properties) };
  return { ...one, ...other, properties, required: [...textsOf(one.required), ...textsOf(other.required)] };
}

function typeOf(schema: JsonObject | undefined): string {
  const named = textOf(schema?.type) ?? textsOf(schema?.type).find((type) => type !== 'null');
  if (named !== undefined) return named.toLowerCase();
  if (schema?.properties !== undefined) return 'object';
  return schema?.items !== undefined || schema?.prefixItems !== undefined ? 'array' : 'string';
}

/** A number between the schema's bounds, a multiple of its step. */
function numberWithin(schema: JsonObject, random: Random, grain: number): number {
  const step = numberOf(schema.multipleOf) ?? grain;
  const above = numberOf(schema.exclusiveMinimum);
  const below = numberOf(schema.exclusiveMaximum);
  const high = numberOf(schema.maximum) ?? (below === undefined ? undefined : below - step / 2);
  const low = numberOf(schema.minimum) ?? (above === undefined ? Math.min(1, high ?? 1) : above + step / 2);
  const first = Math.ceil(low / step);
  const last = Math.max(first, Math.floor((high ?? low + 100 * step) / step));
  const value = random.int(first, Math.min(last, first + 1_000)) * step;
  // A range narrower than one grain has no multiple inside; its lower bound is still valid for a plain number.
  return high !== undefined && value > high ? low : Number(value.toFixed(10));
}
