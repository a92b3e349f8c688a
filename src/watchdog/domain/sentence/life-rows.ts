import { type Outlook, type Sentence } from './outlook.js';
import { plural, secondsText } from './wording.js';

/** The node is not there yet. */
export function starting({ state, start }: Outlook): Sentence | undefined {
  if (state !== 'starting') return undefined;
  const rest = start === undefined ? 'the node is getting ready.' : `${start.step} (${start.number} of ${start.of}).`;
  return { lead: 'Starting:', rest };
}

/** The node leaves. */
export function draining({ state, drain }: Outlook): Sentence | undefined {
  if (state !== 'draining') return undefined;
  const lead = 'Shutting down:';
  if (drain === undefined) return { lead, rest: 'running answers are finished, new requests are refused.' };
  const { streams, calls, leftMs, refusesInMs } = drain;
  const waiting = calls > 0 ? ` and ${plural(calls, 'call')}` : '';
  const running = `${plural(streams, 'stream')}${waiting} still running, ${secondsText(leftMs)} left.`;
  if (refusesInMs === undefined) return { lead, rest: `${running} New requests go to the process that takes over.` };
  const when = refusesInMs > 0 ? ` in ${secondsText(refusesInMs)}` : '';
  return { lead, rest: `${running} New requests are refused${when}.` };
}
