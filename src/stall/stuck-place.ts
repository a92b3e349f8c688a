import { type Debugger, Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';

/** Calls that are named, the innermost first. */
const NAMED_CALLS = 4;

/**
 * Where the main thread is stuck, as functions and places in the code, without any value: `f (src/x.js:12) < g (…)`.
 * Undefined when it does not say so within `ms`: it is then in code that is not JavaScript. Leaves it standing there.
 */
export function stuckPlace(ms: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, undefined);
    try {
      const session = new Session();
      session.connectToMainThread();
      // Told of every script when the debugger is switched on; the calls themselves only have its number.
      const scripts = new Map<string, string>();
      session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url));
      session.on('Debugger.paused', ({ params }) => {
        const calls = params.callFrames.slice(0, NAMED_CALLS);
        resolve(calls.map((call) => named(call, scripts.get(call.location.scriptId) ?? '')).join(' < '));
      });
      session.post('Debugger.enable');
      session.post('Debugger.pause');
    } catch {
      resolve(undefined);
    }
  });
}

function named({ functionName, location }: Debugger.CallFrame, url: string): string {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const shown = path.startsWith(root) ? path.slice(root.length) : path;
  return `${functionName === '' ? 'anonymous' : functionName} (${shown}:${location.lineNumber + 1})`;
}
