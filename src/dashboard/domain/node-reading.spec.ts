import { describe, expect, it } from 'vitest';
import { readFigures, readHealth } from './node-reading.js';

describe('readHealth', () => {
  it('takes what is no answer of a node for nothing', () => {
    for (const value of [undefined, null, 'ok', [], { status: 'healthy' }]) expect(readHealth(value)).toBeUndefined();
  });

  it('does not take a state it does not know for a good one', () => {
    expect(readHealth({ summary: 'Splendid.', status: 'splendid' })?.state).toBe('unknown');
  });

  it('prefers the state of life to the three words of the status', () => {
    expect(readHealth({ summary: 'Shutting down: …', status: 'degraded', state: 'draining' })?.state).toBe('draining');
    const fine = { summary: 'Quota …', status: 'degraded', state: 'degraded', situation: 'quota' };
    expect(readHealth(fine)?.state).toBe('quota');
    // A newer node may know more of them than an older page.
    expect(readHealth({ ...fine, situation: 'splendid' })?.state).toBe('degraded');
  });
});

describe('readFigures', () => {
  it('is unknown, not zero, when the answer holds no figures', () => {
    for (const value of [undefined, {}, { detail: 'no' }]) expect(readFigures(value)).toBe('unknown');
  });

  it('reads the figures by their names', () => {
    expect(readFigures({ requests_total: 3, requests_success: 2, model_usage: { m: 2 } })).toMatchObject({
      requests_total: 3,
      requests_success: 2,
      requests_error: 0,
      model_usage: { m: 2 },
    });
  });
});
