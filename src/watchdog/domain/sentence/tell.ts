import { type Situation } from '../../../kernel/situation.js';
import { healthy, idle, recovered, watch } from './calm-rows.js';
import { draining, starting } from './life-rows.js';
import { type Outlook, type Sentence } from './outlook.js';
import { degraded, healing, isolated, needsYou, overloaded, quota, quotaInVain, unhealthy } from './trouble-rows.js';

/** What the node says of itself. */
export interface Told extends Sentence {
  readonly situation: Situation;
  /** Lead and rest: the one sentence that page, alerts and command line share. */
  readonly summary: string;
}

type Row = readonly [situation: Situation, speak: (outlook: Outlook) => Sentence | undefined];

/**
 * The first that applies speaks: what users feel before what the node does about it, that before what only is so, and
 * what is to come before what is over.
 */
const ROWS: readonly Row[] = [
  ['draining', draining],
  ['starting', starting],
  ['needs_you', needsYou],
  ['quota', quotaInVain],
  ['unhealthy', unhealthy],
  ['healing', healing],
  ['degraded', degraded],
  ['quota', quota],
  ['overloaded', overloaded],
  ['isolated', isolated],
  ['watch', watch],
  ['recovered', recovered],
  ['idle', idle],
];

/** The situation of the node, in one sentence of two lines at most. */
export function tell(outlook: Outlook): Told {
  for (const [situation, speak] of ROWS) {
    const sentence = speak(outlook);
    if (sentence !== undefined) return whole(situation, sentence);
  }
  return whole('healthy', healthy(outlook));
}

function whole(situation: Situation, { lead, rest }: Sentence): Told {
  return { situation, lead, rest, summary: rest === '' ? lead : `${lead} ${rest}` };
}
