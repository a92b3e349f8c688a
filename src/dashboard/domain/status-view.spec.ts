import { describe, expect, it } from 'vitest';
import { type HealthReading } from './node-reading.js';
import { favicon, type PageState, signOf } from './state-sign.js';
import { isIdle, lostStatus, statusOf } from './status-view.js';

const STATES: PageState[] = ['starting', 'healthy', 'degraded', 'unhealthy', 'draining', 'unknown'];
const health = (changes: Partial<HealthReading>): HealthReading => ({
  state: 'healthy',
  summary: 'Healthy. 3 requests in the last 5 minutes, all answered.',
  upstream: 'gemini',
  version: '1.2.3',
  uptime_seconds: 1,
  requests_total: 3,
  conditions: [],
  ...changes,
});

describe('statusOf', () => {
  it.each([
    ['Healthy. 3 requests, all answered.', 'Healthy.', '3 requests, all answered.'],
    ['Failing: 5 % failed, last with A. B.', 'Failing:', '5 % failed, last with A. B.'],
    ['No mark at all', '', 'No mark at all'],
  ])('keeps every word of %s', (summary, lead, rest) => {
    expect(statusOf(health({ summary }))).toMatchObject({ lead, rest });
  });

  it('says the same in title, tone and icon', () => {
    const view = statusOf(health({ state: 'unhealthy', summary: 'Failing: all.' }));
    expect(view).toMatchObject({ tone: 'bad', title: '✖ Failing · L104 Node', favicon: favicon('unhealthy') });
  });
});

it('a lost contact is neither good nor bad news, but unknown', () => {
  expect(lostStatus('21:04')).toMatchObject({ state: 'unknown', tone: 'idle', title: '? No contact · L104 Node' });
});

it('every state has a word, a mark and a shape of its own', () => {
  for (const part of ['word', 'mark', 'path'] as const) {
    expect(new Set(STATES.map((state) => signOf(state)[part])).size).toBe(STATES.length);
  }
});

it('a node is idle before its first request, and after a while without', () => {
  expect(isIdle(health({ requests_total: 0 }))).toBe(true);
  expect(isIdle(health({ summary: 'Healthy and waiting: no requests in the last 5 minutes.' }))).toBe(true);
  expect(isIdle(health({}))).toBe(false);
});
