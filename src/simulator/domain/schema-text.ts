import { type JsonObject, numberOf, textOf } from './json.js';
import { type Random } from './seed.js';

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-01-15T09:30:00Z',
  date: '2026-01-15',
  time: '09:30:00Z',
  duration: 'PT1H',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/simulated',
  url: 'https://example.com/simulated',
  uuid: '00000000-0000-4000-8000-000000000000',
};
/** Tried in turn against a `pattern`, because a text cannot in general be derived from one. */
const PATTERN_GUESSES = [
  'a',
  'A',
  '0',
  'ab',
  'AB',
  '10',
  'abc',
  'ABC',
  '123',
  'Abc',
  'abcd',
  'ABCD',
  '1234',
  'ABC123',
  'ABC-123',
  'abc_1',
  '12345',
  '1.0.0',
  '09:30',
  '2026-01-15',
  '+15550100',
  '#a1b2c3',
  'someone@example.com',
  'https://example.com',
];

/** A string for a schema: by format, else by pattern, else the given words; fitted to the length bounds. */
export function schemaText(schema: JsonObject, words: string, random: Random): string {
  const format = FORMATS[textOf(schema.format)?.toLowerCase() ?? ''];
  if (format !== undefined) return format;
  const pattern = textOf(schema.pattern);
  const candidates = pattern === undefined ? [] : PATTERN_GUESSES.filter((guess) => fits(guess, schema));
  const guess = pattern === undefined ? undefined : candidates.find((candidate) => matches(pattern, candidate));
  return guess ?? fitted(words, schema, random);
}

function fits(text: string, schema: JsonObject): boolean {
  const { least, most } = bounds(schema);
  return text.length >= least && text.length <= most;
}

function fitted(words: string, schema: JsonObject, random: Random): string {
  const { least, most } = bounds(schema);
  let text = words;
  while (text.length < least) text += String.fromCharCode(97 + random.int(0, 25));
  // Counted in code points, as JSON schema does, so that no character is cut in two.
  return text.length <= most ? text : Array.from(text).slice(0, most).join('');
}

function bounds(schema: JsonObject): { least: number; most: number } {
  return {
    least: Math.min(numberOf(schema.minLength ?? schema.min_length) ?? 0, 10_000),
    most: numberOf(schema.maxLength ?? schema.max_length) ?? Infinity,
  };
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return false;
  }
}
