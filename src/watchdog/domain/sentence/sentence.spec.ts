import { describe, expect, it } from 'vitest';
import { conditionOf } from '../test-condition.js';
import { SITUATIONS } from '../../../kernel/situation.js';
import { type Condition, type NodeState } from '../node-state.js';
import { type Outlook, type RequestOutlook } from './outlook.js';
import { tell } from './tell.js';

const NOW = Date.UTC(2026, 10, 28, 21, 10);
const BEGUN = NOW - 360_000;
const NO_REQUESTS: RequestOutlook = {
  answered: 0,
  failed: 0,
  helped: 0,
  ever: false,
  failing: false,
  lastFailure: undefined,
  lastMinute: { answered: 0, failed: 0 },
};
const CALM: Outlook = {
  state: 'healthy',
  now: NOW,
  conditions: [],
  requests: NO_REQUESTS,
  heal: undefined,
  recovery: undefined,
  start: undefined,
  drain: undefined,
};
const requests = (changes: Partial<RequestOutlook>): RequestOutlook => ({ ...NO_REQUESTS, ever: true, ...changes });
const failing = (answered: number, failed: number, lastFailure = 'UNAVAILABLE'): RequestOutlook =>
  requests({ answered, failed, failing: true, lastFailure, lastMinute: { answered, failed } });
const wrong = (state: NodeState, conditions: Condition[], changes: Partial<Outlook> = {}): Outlook => ({
  ...CALM,
  state,
  conditions: conditions.map((one) => ({ ...one, since: BEGUN })),
  ...changes,
});

const requestErrors = conditionOf({
  name: 'request_errors',
  severity: 'unhealthy',
  cause: 'upstream_outage',
  reason: 'Requests fail.',
});
const circuit = conditionOf({
  name: 'circuits',
  cause: 'upstream_outage',
  healable: false,
  reason: 'gemini-x is failing (status 503).',
  doing: 'Answers come from gemini-y.',
  nextTryAt: NOW + 41_000,
});
const upstream = conditionOf({
  name: 'upstream',
  cause: 'upstream_outage',
  reason: 'Gemini fails: the last 5 attempts ended with status 503.',
});
const someKeys = conditionOf({
  name: 'quota',
  cause: 'quota_exhausted',
  kind: 'quota',
  reason: 'Quota used up on 1 of 2 keys.',
  doing: 'Others serve.',
  advice: 'Add a key of another project to GEMINI_API_KEY.',
});
const allKeys: Condition = {
  ...someKeys,
  severity: 'unhealthy',
  reason: 'Quota used up on 2 of 2 keys.',
  doing: 'All rest for gemini-x: callers get 429 until 21:15 UTC.',
};
const badKey = conditionOf({
  name: 'keys',
  cause: 'configuration',
  kind: 'needs_you',
  reason: 'Gemini refuses 1 of 2 keys: a1f3c0de (API_KEY_INVALID).',
  doing: 'Others serve.',
  advice: 'Replace the key in GEMINI_API_KEY whose SHA-256 hash begins with a1f3c0de.',
});
const crowd = conditionOf({
  name: 'crowding',
  healable: false,
  kind: 'overloaded',
  reason: 'Busy: 12 waiting, low priority refused.',
  doing: 'Limit 8, raised as latency falls.',
});
const held = conditionOf({
  name: 'isolated_targets',
  cause: 'configuration',
  healable: false,
  kind: 'isolated',
  reason: 'gemini-x taken out by an operator at 21:04 UTC: “bad answers”.',
});
const recovery = { at: NOW - 60_000, cause: 'upstream_outage', lastedMs: 360_000, failed: 12 } as const;

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

const said = (outlook: Outlook): string => tell(outlook).summary;
const about = (outlook: Outlook): string => tell(outlook).situation;

describe('who speaks first', () => {
  const repair = { level: 'medium', steps: ['http_client_reset'], resultInMs: 4000 } as const;

  it('is what users feel, then the repair, then what is only so', () => {
    const all = [allKeys, badKey, upstream, crowd, held, requestErrors];
    expect(about(wrong('draining', all))).toBe('draining');
    expect(about(wrong('unhealthy', [upstream, requestErrors, badKey], { heal: repair }))).toBe('unhealthy');
    expect(about(wrong('degraded', [upstream, badKey, crowd, held], { heal: repair }))).toBe('needs_you');
    expect(about(wrong('degraded', [upstream, someKeys, crowd, held], { heal: repair }))).toBe('healing');
    expect(about(wrong('degraded', [crowd, someKeys, upstream, held]))).toBe('degraded');
    expect(about(wrong('degraded', [crowd, someKeys, held]))).toBe('quota');
    expect(about(wrong('degraded', [held, crowd]))).toBe('overloaded');
    expect(about({ ...CALM, recovery: { ...recovery, cured: undefined } })).toBe('recovered');
  });

  it('is the person where only a person can end that requests fail', () => {
    const alone: Condition = { ...badKey, severity: 'unhealthy', doing: undefined };
    expect(said(wrong('unhealthy', [alone, requestErrors], { requests: failing(0, 4) }))).toMatch(
      /^The node cannot fix this: .*\. 100 % of requests fail\. Do: replace/,
    );
    // One key of two that is refused is not why they do.
    expect(about(wrong('unhealthy', [badKey, upstream, requestErrors], { requests: failing(0, 4) }))).toBe('unhealthy');
  });

  it('names the parts that it does not speak of, two of them', () => {
    const store = conditionOf({ name: 'memory_store', cause: 'store_fault' });
    expect(said(wrong('degraded', [someKeys, held]))).toMatch(/serve\. Also not well: isolated targets\.$/);
    expect(said(wrong('degraded', [upstream, someKeys, crowd, held]))).toMatch(
      /Also not well: quota, crowding and 1 more\.$/,
    );
    expect(said(wrong('unhealthy', [upstream, requestErrors, store], { requests: failing(0, 4) }))).toMatch(
      /Also not well: memory store\.$/,
    );
  });
});

describe('what is not known', () => {
  it('is left out of an outage', () => {
    const bare: Condition = { ...circuit, doing: undefined, nextTryAt: undefined };
    expect(said(wrong('degraded', [bare]))).toBe('Degraded since 21:04 UTC (6 min). gemini-x is failing (status 503).');
    expect(said(wrong('degraded', [{ ...bare, nextTryAt: NOW - 1 }]))).toMatch(
      /\(status 503\)\. The next call tries it\.$/,
    );
  });

  it('does not let the node say that there is nothing to do while there is', () => {
    expect(said(wrong('degraded', [circuit, someKeys]))).not.toContain('Nothing for you to do');
    expect(said(wrong('degraded', [{ ...circuit, advice: 'Check it.' }]))).toContain('You can: check it.');
  });

  it('is left out of what fails', () => {
    const lone = { ...requestErrors, cause: 'internal_fault' } as const;
    expect(said(wrong('unhealthy', [lone], { requests: failing(0, 5, 'INTERNAL') }))).toBe(
      'Failing since 21:04 UTC (6 min): 100 % of requests fail. Cause: internal fault, the last failed with INTERNAL.',
    );
    const door = conditionOf({ name: 'front_door', severity: 'unhealthy', reason: 'The door is shut.' });
    expect(said(wrong('unhealthy', [door]))).toBe('Failing since 21:04 UTC (6 min). Cause: The door is shut.');
    // A part that is not well is not the cause because it is there.
    expect(said(wrong('unhealthy', [lone, upstream], { requests: failing(0, 5, 'INTERNAL') }))).toMatch(
      /Cause: internal fault, the last failed with INTERNAL\. Also not well: upstream\.$/,
    );
  });

  it('is left out of a recovery', () => {
    const quiet = { ...recovery, failed: 0, cured: undefined };
    expect(said({ ...CALM, recovery: quiet })).toBe(
      'Healthy again since 21:09 UTC. Upstream outage lasted 6 min; no request failed.',
    );
    expect(about({ ...CALM, recovery: { ...quiet, at: NOW - 900_000 } })).toBe('idle');
  });

  it('is left out of start, repair and end', () => {
    expect(said({ ...CALM, state: 'starting' })).toBe('Starting: the node is getting ready.');
    const running = { level: 'medium', steps: ['http_client_reset'], resultInMs: undefined } as const;
    expect(said({ ...CALM, heal: running })).toBe('Healing (medium): http client reset.');
    expect(said({ ...CALM, state: 'draining' })).toBe(
      'Shutting down: running answers are finished, new requests are refused.',
    );
  });
});

describe('its numbers', () => {
  it('count one as one, and only failures as such', () => {
    expect(said({ ...CALM, requests: requests({ answered: 1 }) })).toBe(
      'Healthy. 1 request in the last 5 minutes, all answered.',
    );
    expect(said({ ...CALM, requests: requests({ answered: 9, failed: 1 }) })).toContain(
      '10 requests in the last 5 minutes, 1 of them failed.',
    );
    expect(said({ ...CALM, requests: requests({}) })).toBe('Healthy and waiting: no requests in the last 5 minutes.');
  });

  it('are of the last minute while it has any requests, and never rounded to none or all', () => {
    const past = { ...failing(199, 1), lastMinute: { answered: 0, failed: 0 } };
    expect(said(wrong('unhealthy', [upstream, requestErrors], { requests: past }))).toContain(
      ': 1 % of the requests of the last 5 minutes failed. Cause',
    );
    const now = { ...failing(900, 100), lastMinute: { answered: 1, failed: 999 } };
    expect(said(wrong('unhealthy', [upstream, requestErrors], { requests: now }))).toContain(
      ': 99 % of requests fail.',
    );
  });

  it('do not flicker: ages in minutes, seconds that run down in steps of five', () => {
    const at = (age: number): Outlook => ({
      ...wrong('degraded', []),
      conditions: [{ ...upstream, since: NOW - age }],
    });
    expect(said(at(59_999))).toMatch(/^Degraded since 21:09 UTC\. /);
    expect(said(at(119_999))).toMatch(/^Degraded since 21:08 UTC \(1 min\)\. /);
    expect(said(at(100_000_000))).toMatch(/^Degraded since 2026-11-27 17:23 UTC \(1 d 3 h\)\. /);
    // A clock that was set back makes no age.
    expect(said(at(-60_000))).toMatch(/^Degraded since 21:10 UTC\. /);
    const next = (ms: number): string => said(wrong('degraded', [{ ...circuit, nextTryAt: NOW + ms }]));
    expect([next(40_001), next(45_000), next(6000), next(4001)].map((text) => /in (\d+) s/.exec(text)?.[1])).toEqual([
      '45',
      '45',
      '10',
      '5',
    ]);
  });

  it('tell how an end goes on', () => {
    const drain = { streams: 1, calls: 2, leftMs: 30_000, refusesInMs: 5000 };
    expect(said({ ...CALM, state: 'draining', drain })).toBe(
      'Shutting down: 1 stream and 2 calls still running, 30 s left. New requests are refused in 5 s.',
    );
    expect(said({ ...CALM, state: 'draining', drain: { ...drain, refusesInMs: undefined } })).toMatch(
      / New requests go to the process that takes over\.$/,
    );
  });
});
