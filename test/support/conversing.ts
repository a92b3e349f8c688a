import { type Stage } from './boot.js';

/** A message to the node's own endpoint. */
export interface Said {
  readonly message: string;
  readonly session_id?: string;
  readonly system?: string;
  readonly model_hint?: string;
}

/** One event of an answer. */
export interface SentEvent {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Says something to a node, as events or, by `accept`, in one piece. */
export function say(url: string, said: Said, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/api/v6/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', ...headers },
    body: JSON.stringify(said),
  });
}

/** The events of an answer. */
export function eventsOf(text: string): SentEvent[] {
  const blocks = text.split('\n\n').filter((block) => block.startsWith('event:'));
  return blocks.map((block) => {
    const [event = '', data = ''] = block.split('\n');
    return { event: event.slice(7), data: JSON.parse(data.slice(6)) as Record<string, unknown> };
  });
}

/** The text that these events bring. */
export function textOf(events: readonly SentEvent[]): string {
  return events.map(({ data: { text } }) => (typeof text === 'string' ? text : '')).join('');
}

/** What people have said in a session, as it is stored; nothing when there is no such session. */
export async function saidIn(url: string, session: string): Promise<string[]> {
  const response = await fetch(`${url}/memory/sessions/${session}`);
  if (response.status === 404) return [];
  const { turns } = (await response.json()) as { turns: { role: string; text: string }[] };
  return turns.filter(({ role }) => role === 'user').map(({ text }) => text);
}

/** How many calls of a method the upstream has had. */
export function callsOf({ simulator }: Pick<Stage, 'simulator'>, method: string): number {
  return simulator.journal.records.filter((record) => record.method === method).length;
}
