import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import { nextPacificMidnight, QuotaLedger } from './quota.js';
import { RpcError } from './rpc-error.js';

function refusal(act: () => void): RpcError {
  try {
    act();
  } catch (error) {
    if (error instanceof RpcError) return error;
  }
  throw new Error('was not refused');
}

describe('QuotaLedger', () => {
  it('refuses beyond the minute with the true wait, per project and model', () => {
    const clock = new ManualClock();
    const ledger = new QuotaLedger(clock);
    const limits = { perMinute: 2 };
    ledger.take('p', 'm', limits);
    clock.advance(25_930);
    ledger.take('p', 'm', limits);
    const error = refusal(() => {
      ledger.take('p', 'm', limits);
    });
    expect(error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
    expect(error.message).toContain('Please retry in 34.07s.');
    expect(error.details).toMatchObject([
      { '@type': 'type.googleapis.com/google.rpc.Help' },
      {
        violations: [
          {
            quotaId: 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier',
            quotaValue: '2',
            quotaDimensions: { model: 'm' },
          },
        ],
      },
      { retryDelay: '34.07s' },
    ]);
    ledger.take('p', 'other', limits);
    ledger.take('q', 'm', limits);
    clock.advance(34_070);
    ledger.take('p', 'm', limits);
  });

  it('refuses beyond the day until midnight in California', () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 15, 7, 0));
    const ledger = new QuotaLedger(clock);
    ledger.take('p', 'm', { perDay: 1 });
    const error = refusal(() => {
      ledger.take('p', 'm', { perDay: 1 });
    });
    expect(JSON.stringify(error.details)).toContain('PerDay');
    expect(error.details[2]).toMatchObject({ retryDelay: '3600s' });
    clock.advance(3_600_000);
    ledger.take('p', 'm', { perDay: 1 });
  });
});

describe('nextPacificMidnight', () => {
  it('is right in winter, in summer and on the days the clocks change', () => {
    const at = (text: string): string => new Date(nextPacificMidnight(Date.parse(text))).toISOString();
    expect(at('2026-01-15T07:59:59Z')).toBe('2026-01-15T08:00:00.000Z');
    expect(at('2026-01-15T08:00:00Z')).toBe('2026-01-16T08:00:00.000Z');
    expect(at('2026-07-01T12:00:00Z')).toBe('2026-07-02T07:00:00.000Z');
    expect(at('2026-03-08T09:00:00Z')).toBe('2026-03-09T07:00:00.000Z');
    expect(at('2026-11-01T08:30:00Z')).toBe('2026-11-02T08:00:00.000Z');
  });
});
