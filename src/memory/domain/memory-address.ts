/** Parameters of a list that a request may carry. */
export type ListParameters = Readonly<Partial<Record<(typeof LIST_PARAMETERS)[number], string>>>;

/** What a request to the memory routes is about. */
export type MemoryAddress =
  | { readonly about: 'all'; readonly parameters: ListParameters }
  | {
      readonly about: 'item';
      readonly key: string;
      /** Set where the address means the list of sessions, with these parameters, if there is no such item. */
      readonly orSessions?: ListParameters;
    }
  | { readonly about: 'sessions'; readonly parameters: ListParameters }
  | { readonly about: 'session'; readonly id: string }
  | { readonly about: 'nothing'; readonly problem: string };

const LIST_PARAMETERS = ['limit', 'cursor', 'prefix'] as const;
const SESSIONS = 'sessions/';
/** The address of the list of sessions as people write it; that of an item first, since any key can be fetched. */
const BARE_SESSIONS = 'sessions';

/**
 * Reads the raw request target, `/memory/{key}`, `/memory/sessions/` or `/memory/sessions/{id}`, instead of a router's decoded
 * parameter: once decoded, a `/` of the key and one of the path look the same.
 *
 * - The key is everything after `/memory/`, percent-decoded once; a literal slash in it is part of it.
 * - A literal `sessions/` at its front makes the address that of a session. The *key* `sessions/x` is
 *   addressed by percent-encoding its slash: `/memory/sessions%2Fx`. With nothing behind it, it is the list of them.
 * - Clients that follow the URL standard remove `.` and `..` from paths before they send them, and some
 *   proxies decode `%2F`: `/memory?item={key}` addresses any key whatever and survives both.
 */
export function memoryAddress(target: string): MemoryAddress {
  const [path, query] = splitOnce(target.replace(/^[a-z][\w+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/su, ''), '?');
  const rest = /^\/[^/]*\/(.+)$/su.exec(path)?.[1];
  if (rest === undefined) return byQuery(query);
  if (rest === SESSIONS) return listed('sessions', query);
  if (rest === BARE_SESSIONS) {
    const list = listed('sessions', query);
    return list.about === 'nothing' ? list : { about: 'item', key: rest, orSessions: list.parameters };
  }
  if (!rest.startsWith(SESSIONS)) return item(percentDecoded(rest));
  const id = percentDecoded(rest.slice(SESSIONS.length));
  return id !== undefined && isSessionId(id) ? { about: 'session', id } : { about: 'nothing', problem: NO_SESSION };
}

const NO_SESSION =
  'The path names no session: an id has 1 to 128 of A-Z a-z 0-9 . _ -. A key that begins with "sessions/" is addressed as sessions%2F…';

/** Whether a text may name a session: 1 to 128 of `[A-Za-z0-9._-]`. */
export function isSessionId(text: string): boolean {
  return /^[\w.-]{1,128}$/.test(text);
}

function byQuery(query: string): MemoryAddress {
  const key = parametersOf(query).get('item');
  return key === undefined ? listed('all', query) : item(percentDecoded(key));
}

/** Reads only the parameters it knows: others, such as a client key, may be written as they like. The first of a name counts. */
function parametersOf(query: string): Map<string, string> {
  return new Map(query.split('&').map(splitPair).reverse());
}

function listed<A extends 'all' | 'sessions'>(
  about: A,
  query: string,
): { about: A; parameters: ListParameters } | { about: 'nothing'; problem: string } {
  const raw = parametersOf(query);
  const parameters: Record<string, string> = {};
  for (const name of LIST_PARAMETERS) {
    const value = raw.get(name);
    if (value === undefined) continue;
    const decoded = percentDecoded(value);
    if (decoded === undefined) return { about: 'nothing', problem: `${name}: is not percent-encoded UTF-8.` };
    parameters[name] = decoded;
  }
  return { about, parameters };
}

function splitPair(pair: string): [string, string] {
  const [name, value] = splitOnce(pair, '=');
  return [name, value.replaceAll('+', ' ')];
}

function item(key: string | undefined): MemoryAddress {
  return key === undefined
    ? { about: 'nothing', problem: 'The key in the address is not percent-encoded UTF-8.' }
    : { about: 'item', key };
}

/** Bytes that were sent without percent-encoding arrive as one unit each; they count as encoded. */
function percentDecoded(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`));
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + at.length)];
}
