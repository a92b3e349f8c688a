import { describe, expect, it } from 'vitest';
import { type Condition } from '../node-state.js';
import { conditionOf } from '../test-condition.js';
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
  NOW,
  recovery,
  requestErrors,
  requests,
  someKeys,
  upstream,
  wrong,
} from './test-outlook.js';

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

  it('is no guess where requests fail for want of room', () => {
    const refused = { ...requestErrors, cause: 'local_overload' } as const;
    const told = said(wrong('unhealthy', [crowd, refused], { requests: failing(10, 10, 'OVERLOADED') }));
    expect(told).toBe(
      'Failing since 21:04 UTC (6 min): 50 % of requests fail. Cause: Busy: 12 waiting, low priority refused. Limit 8, raised as latency falls.',
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

describe('what is to come', () => {
  const disk = {
    name: 'disk_free',
    subject: 'an almost full disk of the memory store',
    probability: 0.8,
    dueMs: 3_000_000,
    advice: 'Free space.',
  };

  const over = { ...recovery, cured: undefined };

  it('is told before what is over, the soonest with its advice and the others by name', () => {
    expect(said({ ...CALM, recovery: over, forecasts: [{ ...descriptors, advice: 'Raise it.' }, disk] })).toBe(
      'Healthy, but running out of file descriptors is likely within 5 min (90 %); no repair is made before. You can: raise it. ' +
        'Also likely: an almost full disk of the memory store.',
    );
  });

  it('is not told while something is wrong, but then there is something to do', () => {
    const told = said(wrong('degraded', [circuit], { forecasts: [descriptors] }));
    expect(told).toMatch(/^Degraded since /);
    expect(told).not.toContain('Nothing for you to do');
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
