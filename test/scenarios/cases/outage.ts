import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer } from '../calls/answer.js';
import { attemptsAt, missed } from '../demands.js';
import { PRIMARY, type Scenario, type Seen } from '../scenario.js';
import { type Stage } from '../stage.js';
import { seconds } from '../verdict.js';

/** Real times, ms: of the outage, between two requests, and of the way back. */
const DOWN_MS = 60_000;
const EVERY_MS = 4_000;
const BACK_WITHIN_MS = 30_000;
/** Attempts that may be spent on a dead model, the first failures included. */
const MOST_WHILE_DOWN = 12;

/** Asks every four seconds, whatever becomes of the calls before, until the primary answers again or has had its time. */
async function play({ profile, ask }: Stage): Promise<readonly Answer[]> {
  const began = performance.now();
  const calls: Promise<Answer>[] = [];
  const state = { back: false };
  const recovered = profile.ms(DOWN_MS);
  const last = recovered + profile.atMost(BACK_WITHIN_MS);
  for (let due = 0; due <= last && !state.back; due += profile.ms(EVERY_MS)) {
    await sleep(Math.max(0, began + due - performance.now()));
    calls.push(ask());
    void calls.at(-1)?.then(({ status, headers }) => {
      state.back ||= status === 200 && headers['x-l104-model'] === PRIMARY;
    });
  }
  return Promise.all(calls);
}

function judge(seen: Seen): readonly string[] {
  const { profile, answers } = seen;
  const start = seen.attempts[0]?.startedAt ?? 0;
  const at = attemptsAt(seen, PRIMARY).map(({ startedAt, status }) => ({ ms: startedAt - start, status }));
  const whileDown = at.filter(({ status }) => status === 503).length;
  const back = at.find(({ status }) => status === 200)?.ms ?? Infinity;
  const late = back - profile.ms(DOWN_MS);
  return missed(
    [answers.length >= DOWN_MS / EVERY_MS, `only ${answers.length} calls were made`],
    [whileDown <= MOST_WHILE_DOWN, `${whileDown} attempts at the primary while it was down`],
    [late <= profile.atMost(BACK_WITHIN_MS), `back on the primary ${seconds(late)} after its recovery`],
  );
}

/** A model that is gone for a minute while callers go on asking for it. */
export const outage: Scenario = {
  number: 15,
  title: 'primary down for 60 s, a call every 4 s',
  unary: false,
  fast: { CIRCUIT_BREAKER_TIMEOUT: '7500ms' },
  faults: ({ profile }) => [
    { model: PRIMARY, for: profile.ms(DOWN_MS), fault: { kind: 'error', status: 'UNAVAILABLE' } },
  ],
  play,
  judge,
};
