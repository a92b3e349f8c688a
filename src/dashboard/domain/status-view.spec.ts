import { describe, expect, it } from 'vitest';
import { SITUATIONS } from '../../kernel/situation.js';
import { type HealthReading } from './node-reading.js';
import { favicon, PAGE_STATES, signOf } from './state-sign.js';
import { isIdle, lostStatus, statusOf } from './status-view.js';

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
    ['Healthy.', 'Healthy. 3 requests, all answered.', 'Healthy.', '3 requests, all answered.'],
    ['Failing since 21:04 UTC:', 'Failing since 21:04 UTC: 5 % fail.', 'Failing since 21:04 UTC:', '5 % fail.'],
    ['All is said.', 'All is said.', 'All is said.', ''],
    ['Of another sentence.', 'No mark at all', '', 'No mark at all'],
    ['', 'No headline', '', 'No headline'],
  ])('takes %s for the first words and keeps every word of %s', (headline, summary, lead, rest) => {
    expect(statusOf(health({ summary, headline }))).toMatchObject({ lead, rest });
  });

  it('says the same in title, tone and icon', () => {
    const view = statusOf(health({ state: 'unhealthy', summary: 'Failing: all.' }));
    expect(view).toMatchObject({ tone: 'bad', title: '✖ Failing · L104 Node', favicon: favicon('unhealthy') });
  });
});

it('a lost contact is neither good nor bad news, but unknown', () => {
  expect(lostStatus('21:04')).toMatchObject({ state: 'unknown', tone: 'idle', title: '? No contact · L104 Node' });
});

it('every situation of the node has a sign', () => {
  for (const situation of SITUATIONS) expect(signOf(situation).path, situation).toMatch(/^M/);
});

it('every state has a word and a shape of its own, and a mark that goes with its tone', () => {
  for (const part of ['word', 'path'] as const) {
    expect(new Set(PAGE_STATES.map((state) => signOf(state)[part])).size).toBe(PAGE_STATES.length);
  }
  const tones = new Map<string, Set<string>>();
  for (const { mark, tone } of PAGE_STATES.map(signOf)) tones.set(mark, (tones.get(mark) ?? new Set()).add(tone));
  expect([...tones.values()].every(({ size }) => size === 1)).toBe(true);
});

it.each([
  ['recovered', '✔', 'ok'],
  ['quota', '◷', 'warn'],
  ['healing', '↻', 'info'],
  ['overloaded', '▲', 'warn'],
  ['needs_you', '✖', 'bad'],
  ['isolated', '‖', 'idle'],
] as const)('%s is shown as %s in %s, in the title and the icon of the tab too', (state, mark, tone) => {
  const view = statusOf(health({ state }));
  expect(view).toMatchObject({ tone, favicon: favicon(state), title: `${mark} ${signOf(state).word} · L104 Node` });
});

it('a node is idle before its first request, and after a while without', () => {
  expect(isIdle(health({ requests_total: 0 }))).toBe(true);
  expect(isIdle(health({ state: 'idle' }))).toBe(true);
  expect(isIdle(health({}))).toBe(false);
});
