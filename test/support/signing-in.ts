import { type RunningNode } from '../../src/start-node.js';

/** Token of administrators in tests of signing in; too long for its guesses to be limited. */
export const TOKEN = 'the-admin-token-of-this-test';
/** What a browser says of a request that a page of the node makes. */
export const OWN = { 'sec-fetch-site': 'same-origin' };

export type Headers = Record<string, string>;

/** What was done by an administrator, as the journal has it. */
interface Action {
  action: string;
  outcome: number;
  who: string;
}

/** Asks a node for a path with no body. */
export const call = (node: RunningNode, method: string, path: string, headers: Headers = {}): Promise<Response> =>
  fetch(node.url + path, { method, headers });

/** The status of such a request. */
export async function status(node: RunningNode, method: string, path: string, headers: Headers): Promise<number> {
  const response = await call(node, method, path, headers);
  await response.body?.cancel();
  return response.status;
}

/** Sends a token to sign in with. */
export const signIn = (node: RunningNode, token: unknown = TOKEN, headers: Headers = OWN): Promise<Response> =>
  fetch(`${node.url}/self/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ token }),
  });

/** The cookie that an answer sets, as a browser sends it back. */
export const cookieOf = (response: Response): string =>
  /^[^;]+/.exec(response.headers.get('set-cookie') ?? '')?.[0] ?? '';

/** Headers of who has signed in. */
export const signedIn = async (node: RunningNode): Promise<Headers> => ({
  cookie: cookieOf(await signIn(node)),
  ...OWN,
});

/** What administrators did, the oldest first. */
export async function journalled(node: RunningNode): Promise<Action[]> {
  const path = '/self/journal?kind=admin_action&limit=100';
  const response = await call(node, 'GET', path, { authorization: `Bearer ${TOKEN}` });
  return ((await response.json()) as { items: Action[] }).items.reverse();
}
