import { describe, expect, it } from 'vitest';
import { SITUATIONS } from '../../../kernel/situation.js';
import { type Outlook } from './outlook.js';
import { tell } from './tell.js';
import {
  allKeys,
  badKey,
  CALM,
  circuit,
  crowd,
  descriptors,
  failing,
  held,
  recovery,
  requestErrors,
  requests,
  someKeys,
  upstream,
  wrong,
} from './test-outlook.js';

const TABLE: readonly (readonly [situation: string, outlook: Outlook, sentence: string])[] = [
  [
    'starting',
    { ...CALM, state: 'starting', start: { step: 'opening port 8081', number: 2, of: 2 } },
    'Starting: opening port 8081 (2 of 2).',
  ],
  [
    'healthy',
    { ...CALM, requests: requests({ answered: 212, helped: 38 }) },
    'Healthy. 212 requests in the last 5 minutes, all answered; 38 needed help.',
  ],
  ['idle', CALM, 'Healthy and waiting: no requests yet.'],
  [
    'recovered',
    { ...CALM, recovery: { ...recovery, cured: ['http_client_reset'] } },
    'Healthy again since 21:09 UTC. Upstream outage lasted 6 min; http client reset cured it; 12 requests failed.',
  ],
  [
    'degraded',
    wrong('degraded', [circuit]),
    'Degraded since 21:04 UTC (6 min). gemini-x is failing (status 503); answers come from gemini-y. Next try in 45 s. Nothing for you to do.',
  ],
  ['quota', wrong('degraded', [someKeys]), 'Quota used up on 1 of 2 keys. Others serve.'],
  [
    'quota',
    wrong('unhealthy', [allKeys]),
    'Quota used up on 2 of 2 keys. All rest for gemini-x: callers get 429 until 21:15 UTC. You can: add a key of another project to GEMINI_API_KEY.',
  ],
  [
    'healing',
    wrong('degraded', [], {
      heal: { level: 'light', steps: ['rate_limits_cleared', 'circuit_breaker_reset'], resultInMs: 4200 },
    }),
    'Healing (light): rate limits cleared, circuit breaker reset. Result in about 5 s.',
  ],
  [
    'watch',
    { ...CALM, forecasts: [descriptors] },
    'Healthy, but running out of file descriptors is likely within 5 min (90 %); no repair is made before. You can: raise the limit on open files (ulimit -n, LimitNOFILE), or lower MAX_CONCURRENT_CALLS.',
  ],
  [
    'overloaded',
    wrong('degraded', [crowd]),
    'Busy: 12 waiting, low priority refused. Limit 8, raised as latency falls.',
  ],
  [
    'unhealthy',
    wrong(
      'unhealthy',
      [{ ...upstream, advice: 'Check GEMINI_BASE_URL.' }, { ...circuit, doing: undefined }, requestErrors],
      {
        requests: failing(1, 3),
      },
    ),
    'Failing since 21:04 UTC (6 min): 75 % of requests fail. Cause: Gemini fails: the last 5 attempts ended with status 503. Next try in 45 s. You can: check GEMINI_BASE_URL.',
  ],
  [
    'needs_you',
    wrong('degraded', [badKey]),
    'The node cannot fix this: Gemini refuses 1 of 2 keys: a1f3c0de (API_KEY_INVALID). Others serve. Do: replace the key in GEMINI_API_KEY whose SHA-256 hash begins with a1f3c0de.',
  ],
  ['isolated', wrong('degraded', [held]), 'gemini-x taken out by an operator at 21:04 UTC: “bad answers”.'],
  [
    'draining',
    { ...CALM, state: 'draining', drain: { streams: 3, calls: 0, leftMs: 18_200, refusesInMs: 0 } },
    'Shutting down: 3 streams still running, 20 s left. New requests are refused.',
  ],
];

describe('the status sentence', () => {
  it.each(TABLE)('%s', (situation, outlook, sentence) => {
    const told = tell(outlook);
    expect([told.situation, told.summary]).toEqual([situation, sentence]);
    expect(told.summary.startsWith(told.lead)).toBe(true);
  });

  it('has a row for every situation, each within two lines', () => {
    expect(new Set(TABLE.map(([situation]) => situation))).toEqual(new Set(SITUATIONS));
    for (const [, , sentence] of TABLE) expect(sentence.length).toBeLessThan(200);
  });
});
