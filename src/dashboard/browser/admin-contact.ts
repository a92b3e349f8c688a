/** Longest wait for an answer, ms. */
const ANSWER_MS = 4000;
/** What a heal by hand would do, in words. */
export async function planInWords(): Promise<string> {
  const { steps = [] } = (await (await ask('GET', '/self/heal/plan')).json()) as {
    steps?: { name: string; reason: string }[];
  };
  return steps.map(({ name, reason }) => `• ${name.replaceAll('_', ' ')}: ${reason}`).join('\n');
}

/** Heals by hand; what came of it, in words. */
export async function heal(): Promise<string> {
  const { status, actions = [] } = (await (await ask('POST', '/self/heal')).json()) as {
    status?: string;
    actions?: string[];
  };
  return `Heal: ${status ?? 'no answer'}. Done: ${actions.map((name) => name.replaceAll('_', ' ')).join(', ') || 'nothing'}.`;
}

/** Takes a target out, or gives it back. */
export async function setTarget(name: string, act: 'isolate' | 'release'): Promise<string> {
  const path = `/self/circuits/${encodeURIComponent(name)}/${act}`;
  const { ok, status } = await ask('POST', path, act === 'isolate' ? { reason: 'from the dashboard' } : {});
  if (!ok) return `${name} could not be changed: the node answered ${status}.`;
  return act === 'isolate' ? `${name} is taken out. Release it to undo that.` : `${name} is given back.`;
}

/** Has nobody told of an alert for an hour. */
export async function silence(alert: string): Promise<string> {
  const body = { alert, duration: '1h', reason: 'from the dashboard' };
  const { ok, status } = await ask('POST', '/self/alerts/silences', body);
  return ok ? `${alert} is silenced for an hour.` : `${alert} could not be silenced: the node answered ${status}.`;
}

/**
 * Follows what happens to the node, and tells that something has, until the signal ends it. Resolves when the stream has
 * ended or could not be had: then the page goes on by looking from time to time.
 */
export async function follow(happened: () => void, signal: AbortSignal): Promise<void> {
  try {
    const response = await fetch('/self/events', { headers: { accept: 'text/event-stream' }, signal });
    const reader = response.ok ? response.body?.getReader() : undefined;
    if (reader === undefined) return;
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = (await reader.read()) as { done: boolean; value?: Uint8Array };
      if (done) return;
      // Comments keep the connection; events have a name.
      if (decoder.decode(value, { stream: true }).includes('event:')) happened();
    }
  } catch {
    // Whether the node is there shows in the next look.
  }
}

function ask(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(path, {
    method,
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
}
