import { BACKSLASH, QUOTE } from '../json-bytes.js';
import { topLevelMembers, valueAt } from '../json-scan.js';
import { isRecord } from '../upstream-error.js';

// What the upstream keeps for a project has a name of pairs of collection and id: `files/abc`, `cachedContents/abc`,
// `fileSearchStores/a/documents/b`, `models/a/operations/b`. Collections end in an `s`.

const PREFIX = /^\/(?:(?:upload|download)\/)?v1(?:beta|alpha)?\/(?:openai\/)?/;
/** The part of an address that is Google's, wherever it is served. */
const VERSIONED = /\/v1(?:beta|alpha)?\/.*$/;
const NAME = /^[a-z][A-Za-z]*s(?:\/[\w.=-]+)+$/;
const BARE_ID = /^[\w.=-]+$/;
/** Models are everybody's. */
const SHARED = /^models\/[^/]+$/;
/** Longest name, in steps; the longest of Google's has five. */
const MAX_STEPS = 8;
const MAX_WORD = 64;
/** Part of an upload's id that tells it apart; the ids are random and have well over a hundred characters. */
const UPLOAD_TAIL = 64;
/** Longest string that is looked at for a name. */
const MAX_LENGTH = 512;
/** Names taken from one answer at most. */
const MAX_NAMES = 50;
/** Nesting of an answer down to which names are looked for; addresses of generated videos stand at six. */
const MAX_DEPTH = 8;
/** Members that hold what a model said, which names nothing. */
const SPOKEN: ReadonlySet<string> = new Set(['text', 'args', 'arguments']);
/** Quotes and names looked at in one body at most: some tenths of a second, and more than prompts hold. */
const MAX_QUOTES = 1_000_000;
const MAX_CANDIDATES = 10_000;
const SLASH = 0x2f;
/** The `s` that collections end in. */
const LAST_LETTER = 0x73;

/**
 * Names a path and query may stand for, the longest first: `/v1beta/files/a:download` is of `files/a`,
 * `/v1beta/tunedModels/a/operations/b` of the operation or else of the model. An upload goes by its id.
 */
export function namesInPath(target: string): string[] {
  const upload = uploadIn(target);
  if (upload !== undefined) return [upload];
  const steps = stepsOf(pathOf(target));
  const names: string[] = [];
  for (let length = Math.min(steps.length, MAX_STEPS); length >= 2; length--)
    names.push(steps.slice(0, length).join('/'));
  return names;
}

/** The name of the upload that an address continues: by the tail of its id, which is long, and lets whoever has it go on. */
export function uploadIn(address: string): string | undefined {
  const mark = address.indexOf('?');
  const id = mark < 0 ? null : new URLSearchParams(address.slice(mark)).get('upload_id');
  return id === null ? undefined : `uploads/${id.slice(-UPLOAD_TAIL)}`;
}

/** What a path is about, in one word of at most 64 characters: its collection, such as `interactions`, or nothing. */
export function collectionOf(target: string): string {
  return (stepsOf(pathOf(target))[0] ?? '').slice(0, MAX_WORD);
}

/**
 * The first known name in a JSON body, found by its bytes without parsing: at the end of a string, alone or as the last
 * two steps of an address. Goes from quote to quote, so that pictures and long texts are passed over by a native search,
 * and gives up on a body that holds more strings or names than any real one.
 */
export function nameInBody(body: Buffer, known: (name: string) => boolean): string | undefined {
  let names = 0;
  let quote = body.indexOf(QUOTE);
  for (let quotes = 0; quote >= 0 && quotes < MAX_QUOTES && names < MAX_CANDIDATES; quotes++) {
    const name = nameBefore(body, quote);
    if (name !== undefined) {
      if (known(name)) return name;
      names++;
    }
    quote = body.indexOf(QUOTE, quote + 1);
  }
  return undefined;
}

/** The interaction that a body goes on from; undefined when it names none. */
export function previousInteraction(body: Buffer): string | undefined {
  const id = valueAt(body, topLevelMembers(body, ['previous_interaction_id'])?.get('previous_interaction_id'));
  return typeof id === 'string' ? `interactions/${id}` : undefined;
}

/**
 * Names in a parsed answer to a call of `target`: wherever a whole string is one, or the address of one. A bare `id`, as
 * interactions have it, is of the collection that was called.
 */
export function namesInAnswer(answer: unknown, target: string): string[] {
  const names = new Set<string>();
  gather(answer, MAX_DEPTH, names);
  const steps = stepsOf(pathOf(target));
  if (steps.length === 1 && isRecord(answer)) {
    for (const holder of [answer, ...Object.values(answer)]) {
      const id = isRecord(holder) ? holder['id'] : undefined;
      if (typeof id === 'string' && BARE_ID.test(id)) names.add(`${steps[0] as string}/${id}`);
    }
  }
  return [...names].slice(0, MAX_NAMES);
}

function gather(value: unknown, depth: number, names: Set<string>): void {
  if (typeof value === 'string') {
    const name = value.length > MAX_LENGTH ? undefined : nameIn(value);
    if (name !== undefined && !SHARED.test(name)) names.add(name);
    return;
  }
  if (typeof value !== 'object' || value === null || depth === 0) return;
  for (const [member, inner] of Object.entries(value)) if (!SPOKEN.has(member)) gather(inner, depth - 1, names);
}

function nameIn(text: string): string | undefined {
  if (NAME.test(text)) return text;
  if (!/^https?:/.test(text) || !URL.canParse(text)) return undefined;
  const path = VERSIONED.exec(new URL(text).pathname)?.[0];
  const name = path === undefined ? undefined : namesInPath(path)[0];
  return name !== undefined && NAME.test(name) ? name : undefined;
}

function pathOf(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? target : target.slice(0, mark);
}

/** The steps behind the version, without the method at the end. */
function stepsOf(path: string): string[] {
  const prefix = PREFIX.exec(path)?.[0];
  if (prefix === undefined) return [];
  const steps = decoded(path.slice(prefix.length)).split('/');
  steps.push((steps.pop() as string).split(':', 1)[0] as string);
  // The OpenAI surface puts its own collection in front of a whole name: `batches/batches/abc`.
  if (steps.length > 2 && steps[0] === steps[1]) steps.shift();
  return steps.filter((step) => step !== '');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The name that ends at a place: `files/abc`, also with the slash escaped as some JSON writers do it. */
function nameBefore(body: Buffer, end: number): string | undefined {
  let id = end;
  while (id > 0 && isOfId(body[id - 1] as number)) id--;
  if (id === end || body[id - 1] !== SLASH) return undefined;
  const last = body[id - 2] === BACKSLASH ? id - 3 : id - 2;
  if (body[last] !== LAST_LETTER) return undefined;
  let start = last;
  while (start > 0 && isLetter(body[start - 1] as number)) start--;
  if (body[start - 1] !== QUOTE && body[start - 1] !== SLASH) return undefined;
  return `${body.toString('latin1', start, last + 1)}/${body.toString('latin1', id, end)}`;
}

/** Letters, digits and `-._=`. */
function isOfId(byte: number): boolean {
  return (
    isLetter(byte) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2e || byte === 0x5f || byte === 0x3d
  );
}

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
}
