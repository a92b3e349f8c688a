import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './json-bytes.js';

/** Where a value stands in a buffer: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the values of some top-level members of a JSON object without parsing it: strings,
 * which are nearly all of a large body, are skipped by a native search. Of a member that
 * stands twice the last one counts, as in JSON.parse. Undefined when the buffer is no object
 * or its brackets do not balance; values themselves are not validated.
 */
export function topLevelMembers(json: Buffer, names: readonly string[]): Map<string, Span> | undefined {
  let at = skipSpace(json, 0);
  if (json[at] !== OPEN_BRACE) return undefined;
  const found = new Map<string, Span>();
  at = skipSpace(json, at + 1);
  if (json[at] === CLOSE_BRACE) return skipSpace(json, at + 1) === json.length ? found : undefined;
  for (;;) {
    if (json[at] !== QUOTE) return undefined;
    const nameEnd = endOfString(json, at);
    const colon = skipSpace(json, nameEnd);
    if (nameEnd < 0 || json[colon] !== COLON) return undefined;
    const start = skipSpace(json, colon + 1);
    const end = endOfValue(json, start);
    if (end <= start) return undefined;
    const name = json.toString('latin1', at + 1, nameEnd - 1);
    if (names.includes(name)) found.set(name, { start, end });
    at = skipSpace(json, end);
    if (json[at] === CLOSE_BRACE) return skipSpace(json, at + 1) === json.length ? found : undefined;
    if (json[at] !== COMMA) return undefined;
    at = skipSpace(json, at + 1);
  }
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = json[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at++;
  }
}

/** Index behind the closing quote of the string that opens at `from`, or -1. */
export function endOfString(json: Buffer, from: number): number {
  let at = from;
  for (;;) {
    at = json.indexOf(QUOTE, at + 1);
    if (at < 0) return -1;
    let slashes = 0;
    while (json[at - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
}

/** Index behind the value that starts at `from`, or -1. */
function endOfValue(json: Buffer, from: number): number {
  const first = json[from];
  if (first === QUOTE) return endOfString(json, from);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return endOfScalar(json, from);
  let depth = 0;
  let at = from;
  while (at < json.length) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = endOfString(json, at);
      if (at < 0) return -1;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
    at++;
    if (depth === 0) return at;
  }
  return -1;
}

function endOfScalar(json: Buffer, from: number): number {
  let at = from;
  while (at < json.length) {
    const byte = json[at] as number;
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= 0x20) return at;
    at++;
  }
  return -1;
}

/** The parsed value of a span; undefined when it is not valid JSON. */
export function valueAt(json: Buffer, span: Span | undefined): unknown {
  return span === undefined ? undefined : parseJson(json.toString('utf8', span.start, span.end));
}

/** The parsed text, or undefined when it is not valid JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
