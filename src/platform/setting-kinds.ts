import { describeDuration, type DurationUnit, parseDuration, writeDuration } from '../kernel/duration.js';
import { type Setting, type SettingFacts, SettingProblem } from './settings.js';

type Facts = Omit<SettingFacts, 'example'> & { example?: string };

interface Kind<T> {
  kind: string;
  example: string;
  fallback: string | undefined;
  parse: (text: string) => T;
}

function setting<T>(facts: Facts, { kind, example, fallback, parse }: Kind<T>): Setting<T> {
  return { example, ...facts, kind, fallback, read: (raw) => parse(raw ?? fallback ?? '') };
}

/** Any text; empty when unset and without a default. */
export function text(facts: Facts & { default?: string; max?: number }): Setting<string> {
  const max = facts.max ?? 4096;
  return setting(facts, {
    kind: 'text',
    example: facts.default ?? 'text',
    fallback: facts.default,
    parse: (raw) => {
      if (raw.length > max) throw new SettingProblem(`is longer than ${max} characters`);
      return raw;
    },
  });
}

/** A whole number within `min` and `max`, both inclusive. */
export function integer(facts: Facts & { default: number; min: number; max: number; unit?: string }): Setting<number> {
  const unit = facts.unit === undefined ? '' : ` ${facts.unit}`;
  return setting(facts, {
    kind: `whole number${unit === '' ? '' : ` of${unit}`}, ${facts.min} to ${facts.max}`,
    example: String(facts.default),
    fallback: String(facts.default),
    parse: (raw) => {
      if (!/^[+-]?\d+$/.test(raw.trim())) throw new SettingProblem('is not a whole number');
      return within(Number(raw), facts.min, facts.max);
    },
  });
}

/** A decimal number within `min` and `max`, both inclusive. */
export function decimal(facts: Facts & { default: number; min: number; max: number }): Setting<number> {
  return setting(facts, {
    kind: `number, ${facts.min} to ${facts.max}`,
    example: String(facts.default),
    fallback: Number.isInteger(facts.default) ? facts.default.toFixed(1) : String(facts.default),
    parse: (raw) => {
      if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(raw.trim())) throw new SettingProblem('is not a number');
      return within(Number(raw), facts.min, facts.max);
    },
  });
}

function within(value: number, min: number, max: number): number {
  if (value < min || value > max) throw new SettingProblem(`is outside ${min} to ${max}`);
  return value;
}

/** `true` or `false`, also `1`/`0`, `yes`/`no`, `on`/`off`. */
export function flag(facts: Facts & { default: boolean }): Setting<boolean> {
  return setting(facts, { ...flagKind, fallback: String(facts.default), parse: parseFlag });
}

/** Like `flag`, but undefined when unset: the default depends on other settings. */
export function optionalFlag(facts: Facts): Setting<boolean | undefined> {
  return setting(facts, {
    ...flagKind,
    fallback: undefined,
    parse: (raw) => (raw === '' ? undefined : parseFlag(raw)),
  });
}

const flagKind = { kind: 'true or false', example: 'true' };

function parseFlag(raw: string): boolean {
  const word = raw.trim().toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(word)) return true;
  if (['false', '0', 'no', 'off'].includes(word)) return false;
  throw new SettingProblem('is neither true nor false');
}

/** A span of time; the value is in milliseconds, a bare number is in `unit`. Bounds as written in an env file. */
export function duration(
  facts: Facts & { unit: DurationUnit; default: string; min: string; max: string },
): Setting<number> {
  const ms = (written: string): number => parseDuration(written, facts.unit) ?? Number.NaN;
  return setting(facts, {
    kind: `duration, ${facts.min} to ${facts.max}, bare number in ${facts.unit}`,
    example: facts.default,
    fallback: facts.default,
    parse: (raw) => {
      const value = parseDuration(raw, facts.unit);
      if (value === undefined) throw new SettingProblem('is not a duration');
      if (value >= ms(facts.min) && value <= ms(facts.max)) return value;
      throw new SettingProblem(
        `would be ${describeDuration(value)}, which is outside ${facts.min} to ${facts.max}${unitHint(raw, ms(facts.max))}`,
      );
    },
  });
}

/** A bare number far too large was almost always meant in milliseconds. */
function unitHint(raw: string, max: number): string {
  if (!/^\d+$/.test(raw.trim()) || Number(raw) > max) return '';
  return `; did you mean ${writeDuration(Number(raw))}?`;
}

/** A size in bytes: `20MiB`, `512KiB`, `1000000`. */
export function bytes(facts: Facts & { default: string; min: string; max: string }): Setting<number> {
  return setting(facts, {
    kind: `size, ${facts.min} to ${facts.max}`,
    example: facts.default,
    fallback: facts.default,
    parse: (raw) => {
      const value = parseBytes(raw);
      if (value === undefined) throw new SettingProblem('is not a size');
      if (value < (parseBytes(facts.min) ?? 0) || value > (parseBytes(facts.max) ?? Infinity)) {
        throw new SettingProblem(`is outside ${facts.min} to ${facts.max}`);
      }
      return value;
    },
  });
}

const BYTE_UNITS: Record<string, number> = { '': 1, b: 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 };

function parseBytes(raw: string): number | undefined {
  const match = /^(\d+)\s*(b|kib|mib|gib)?$/i.exec(raw.trim());
  return match === null ? undefined : Number(match[1]) * (BYTE_UNITS[(match[2] ?? '').toLowerCase()] ?? 1);
}

/** One of a few words, in lower case. */
export function choice<const C extends readonly string[]>(
  facts: Facts & { options: C; default: C[number] },
): Setting<C[number]> {
  return setting<C[number]>(facts, {
    kind: facts.options.join(', '),
    example: facts.default,
    fallback: facts.default,
    parse: (raw) => {
      const word = raw.trim().toLowerCase();
      if (!facts.options.includes(word)) throw new SettingProblem(`is none of ${facts.options.join(', ')}`);
      return word;
    },
  });
}

/** An http or https address without query, without a slash at its end; empty when unset and without a default. */
export function httpUrl(facts: Facts & { default?: string }): Setting<string> {
  return setting(facts, {
    kind: 'http or https address',
    example: facts.default ?? 'https://example.com',
    fallback: facts.default,
    parse: (raw) => {
      if (raw === '') return raw;
      const url = URL.canParse(raw) ? new URL(raw) : undefined;
      if (url === undefined || !/^https?:$/.test(url.protocol)) throw new SettingProblem('is not an http(s) address');
      if (url.search !== '' || url.hash !== '') throw new SettingProblem('must not carry a query or a fragment');
      if (url.username !== '' || url.password !== '') throw new SettingProblem('must not carry a user or password');
      return url.href.replace(/\/+$/, '');
    },
  });
}

/** Values separated by commas, trimmed, empty ones left out, at most `max` of them. */
export function list(
  facts: Facts & { default?: string; max?: number; each?: RegExp; eachIs?: string },
): Setting<readonly string[]> {
  const max = facts.max ?? 100;
  return setting(facts, {
    kind: 'comma list',
    example: facts.default ?? 'a,b',
    fallback: facts.default,
    parse: (raw) => {
      const items = raw.split(',').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]));
      if (items.length > max) throw new SettingProblem(`has more than ${max} entries`);
      const bad = items.findIndex((item) => facts.each !== undefined && !facts.each.test(item));
      // The entry itself stays unsaid: it may be a secret.
      if (bad >= 0) throw new SettingProblem(`has an entry (number ${bad + 1}) that is not ${facts.eachIs ?? 'valid'}`);
      return items;
    },
  });
}

/** Most pairs of one list; far more than any collector or backend asks for. */
const MOST_PAIRS = 50;

/** Pairs `key=value` separated by commas, values percent-encoded, as OpenTelemetry writes headers and attributes. */
export function keyValues(facts: Facts): Setting<Readonly<Record<string, string>>> {
  return setting(facts, {
    kind: 'comma list of key=value',
    example: 'key=value',
    fallback: undefined,
    parse: (raw) => {
      const entries = raw.split(',').flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()]));
      if (entries.length > MOST_PAIRS) throw new SettingProblem(`has more than ${MOST_PAIRS} entries`);
      return Object.fromEntries(entries.map((entry, index) => pairOf(entry, index)));
    },
  });
}

/** The entry itself stays unsaid where it is wrong: it may be a secret. */
function pairOf(entry: string, index: number): [string, string] {
  const [, key, value] = /^([!#$%&'*+.^_`|~/\w-]+)\s*=\s*(.*)$/.exec(entry) ?? [];
  if (key === undefined || value === undefined) {
    throw new SettingProblem(`has an entry (number ${index + 1}) that is not key=value`);
  }
  try {
    return [key, decodeURIComponent(value)];
  } catch {
    throw new SettingProblem(`has an entry (number ${index + 1}) whose value is not percent-encoded`);
  }
}
