import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUpstreamError, type UpstreamError } from '../upstream-error.js';
import { quotaVerdict } from './quota-verdict.js';

const HOUR = 3_600_000;
/** Noon UTC in winter: 20 hours to midnight in California. */
const NOON = Date.UTC(2026, 0, 15, 12);

function retryInfo(delay: string): object {
  return { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: delay };
}

function failure(...quotaIds: string[]): object {
  return {
    '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
    violations: quotaIds.map((quotaId) => ({
      quotaId,
      quotaDimensions: { location: 'global', model: 'gemini-2.5-pro' },
      quotaValue: '250',
    })),
  };
}

function exhausted(details: object[], message = 'Resource has been exhausted (e.g. check quota).'): UpstreamError {
  return readUpstreamError({ error: { code: 429, status: 'RESOURCE_EXHAUSTED', message, details } }) as UpstreamError;
}

const minute = 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier';
const day = 'GenerateRequestsPerDayPerProjectPerModel-FreeTier';

describe('per minute', () => {
  it('rests as long as RetryInfo says, and names the model', () => {
    expect(quotaVerdict(exhausted([failure(minute), retryInfo('34.07s')]), { wall: NOON })).toEqual({
      kind: 'per_minute',
      restMs: 34_070,
      scope: 'project',
      model: 'gemini-2.5-pro',
    });
  });

  it('rests a minute when no wait is told', () => {
    expect(quotaVerdict(exhausted([failure(minute)]), { wall: NOON })).toMatchObject({ restMs: 60_000 });
  });

  it('does not take a wait of nothing literally', () => {
    const verdict = quotaVerdict(exhausted([failure(minute), retryInfo('0s')]), { wall: NOON });
    expect(verdict).toMatchObject({ kind: 'per_minute', restMs: 500 });
  });

  it('reads the wait in the text, in any of the ways it is written', () => {
    const waits: [string, number][] = [
      ['Please retry in 7.5s.', 7_500],
      ['Please retry in 350ms.', 350],
      ['Please retry in 1m30s.', 90_000],
      ['Please try again in 20 s', 20_000],
    ];
    for (const [text, ms] of waits) {
      const verdict = quotaVerdict(exhausted([failure(minute)], `Quota exceeded.\n${text}`), { wall: NOON });
      expect(verdict.restMs).toBe(Math.max(500, ms));
    }
  });

  it('obeys the longest of several waits', () => {
    const error = exhausted([failure(minute), retryInfo('2s')], 'Please retry in 3s.');
    expect(quotaVerdict(error, { wall: NOON, headerMs: 9_000 }).restMs).toBe(9_000);
    expect(quotaVerdict(error, { wall: NOON, headerMs: 1_000 }).restMs).toBe(3_000);
  });

  it('knows the limit named in ErrorInfo, and one worded in the text only', () => {
    const info = { reason: 'RATE_LIMIT_EXCEEDED', metadata: { quota_limit: 'GenerateContentRequestsPerMinute' } };
    expect(quotaVerdict(exhausted([info]), { wall: NOON }).kind).toBe('per_minute');
    const worded = "Quota exceeded for metric 'x' and limit 'Requests per minute'";
    expect(quotaVerdict(exhausted([], worded), { wall: NOON })).toMatchObject({ kind: 'per_minute', restMs: 60_000 });
  });

  it('takes a limit per user for the quota of one key', () => {
    expect(quotaVerdict(exhausted([failure('RequestsPerMinutePerUser')]), { wall: NOON }).scope).toBe('key');
  });
});

describe('per day', () => {
  it('wins over the 40 s that RetryInfo says, and over a limit per minute beside it', () => {
    const error = exhausted([failure(minute, day), retryInfo('40s')], 'Please retry in 40s.');
    expect(quotaVerdict(error, { wall: NOON })).toMatchObject({ kind: 'per_day', restMs: 20 * HOUR });
  });

  it('is what a long wait means, never beyond the reset', () => {
    const tomorrow = exhausted([retryInfo('86400s')]);
    expect(quotaVerdict(tomorrow, { wall: NOON })).toMatchObject({ kind: 'per_day', restMs: 20 * HOUR });
    const anHour = exhausted([failure(minute), retryInfo('3600s')]);
    expect(quotaVerdict(anHour, { wall: NOON })).toMatchObject({ kind: 'per_day', restMs: HOUR });
    expect(quotaVerdict(exhausted([]), { wall: NOON, headerMs: 1e12 }).restMs).toBe(20 * HOUR);
  });

  it('is what a limit of nothing means', () => {
    const error = exhausted([retryInfo('12s')], 'Quota exceeded for metric: x, limit: 0, model: gemini-3-pro');
    expect(quotaVerdict(error, { wall: NOON })).toMatchObject({ kind: 'per_day', restMs: 20 * HOUR });
  });

  it('is doubted right after the reset: it may be the day before', () => {
    const midnight = Date.UTC(2026, 0, 15, 8);
    const error = exhausted([failure(day)]);
    expect(quotaVerdict(error, { wall: midnight + 1_000 }).restMs).toBe(60_000);
    expect(quotaVerdict(error, { wall: midnight - 1_000 }).restMs).toBe(1_000);
    expect(quotaVerdict(error, { wall: midnight + 600_000 }).restMs).toBe(24 * HOUR - 600_000);
  });
});

describe('other', () => {
  it('says so when nothing was said', () => {
    expect(quotaVerdict(exhausted([]), { wall: NOON })).toMatchObject({ kind: 'unknown', restMs: undefined });
    expect(quotaVerdict(exhausted([]), { wall: NOON, headerMs: 0 })).toMatchObject({ kind: 'unknown' });
  });

  it('takes the wait of a header for a short window', () => {
    expect(quotaVerdict(exhausted([]), { wall: NOON, headerMs: 2_000 })).toMatchObject({
      kind: 'per_minute',
      restMs: 2_000,
    });
  });

  it('tells full servers from a used-up quota, wherever the reason stands', () => {
    const error = exhausted([{ reason: 'RATE_LIMIT_EXCEEDED' }, { reason: 'MODEL_CAPACITY_EXHAUSTED' }]);
    expect(quotaVerdict(error, { wall: NOON })).toMatchObject({ kind: 'capacity', restMs: undefined });
    const worded = exhausted([retryInfo('3s')], 'No capacity available for model gemini-2.5-pro on the server.');
    expect(quotaVerdict(worded, { wall: NOON })).toMatchObject({ kind: 'capacity', restMs: 3_000 });
  });

  it('survives an object that has no text where a number should stand', () => {
    const error = exhausted([{ violations: [{ quotaId: {}, quotaValue: { toString: '' } }] }]);
    expect(quotaVerdict(error, { wall: NOON })).toMatchObject({ kind: 'unknown' });
  });

  it('survives details of any shape, and never rests longer than a day of 25 hours', () => {
    const wall = fc.integer({ min: Date.UTC(2025, 0), max: Date.UTC(2035, 0) });
    const detail = fc.oneof(
      fc.anything(),
      fc.record({ violations: fc.anything(), metadata: fc.anything(), retryDelay: fc.string() }),
      fc.record({ violations: fc.array(fc.record({ quotaId: fc.anything(), quotaValue: fc.anything() })) }),
      fc.nat().map((seconds) => retryInfo(`${seconds}s`)),
    );
    fc.assert(
      fc.property(wall, fc.array(detail, { maxLength: 4 }), fc.string(), (at, details, message) => {
        const { restMs } = quotaVerdict(exhausted(details as object[], message), { wall: at });
        if (restMs === undefined) return;
        expect(restMs).toBeGreaterThanOrEqual(0);
        expect(restMs).toBeLessThanOrEqual(25 * HOUR);
      }),
    );
  });
});
