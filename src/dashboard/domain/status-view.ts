import { type HealthReading } from './node-reading.js';
import { favicon, type PageState, type Sign, signOf } from './state-sign.js';

/** What the status section, the page title and the icon of the tab say, all three the same. */
export interface StatusView {
  readonly state: PageState;
  readonly tone: Sign['tone'];
  /** The first words of the sentence, which name the state. */
  readonly lead: string;
  readonly rest: string;
  readonly title: string;
  readonly favicon: string;
}

/** The status as the node tells it: its own sentence, word for word. */
export function statusOf({ state, summary, headline = '' }: HealthReading): StatusView {
  const lead = summary.startsWith(headline) ? headline : '';
  return view(state, lead, summary.slice(lead.length).trimStart());
}

/** The status when the node cannot be reached; `since` says when it last was. */
export function lostStatus(since: string): StatusView {
  return view('unknown', 'No contact', `with the node since ${since}. The figures below are from then.`);
}

/** Whether the page should show a first call to try: nobody has called yet, or not for a while. */
export function isIdle({ requests_total: total, state }: HealthReading): boolean {
  return total === 0 || state === 'idle';
}

function view(state: PageState, lead: string, rest: string): StatusView {
  const { word, mark, tone } = signOf(state);
  return { state, tone, lead, rest, title: `${mark} ${word} · L104 Node`, favicon: favicon(state) };
}
