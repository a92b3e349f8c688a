import { expect, it } from 'vitest';
import { readAlerts } from './admin-reading.js';
import { type HealthReading } from './node-reading.js';
import { toldOnce } from './told-once.js';

const HEALTH: HealthReading = {
  state: 'degraded',
  summary: 'Degraded for 2 min: gemini-x is failing (status 503); next try in 41 s, and 1 more.',
  upstream: 'gemini',
  version: '1',
  uptime_seconds: 1,
  requests_total: 1,
  conditions: [{ name: 'disk_space', severity: 'degraded', reason: 'The disk is almost full.', since: '' }],
};
const summaries = (...alerts: object[]): string[] => {
  const told = toldOnce(readAlerts({ alerts }), HEALTH);
  return typeof told === 'string' ? [] : told.map(({ summary }) => summary);
};

it('lets an alert say no second time what the status says, however its numbers went on', () => {
  expect(
    summaries(
      {
        name: 'CircuitOpen',
        state: 'firing',
        summary: 'gemini-x is failing (status 503); next try in 53 s, and 2 more.',
      },
      { name: 'DiskFull', state: 'pending', summary: 'The disk is almost full.' },
      { name: 'Burn', state: 'firing', summary: '3.5 % of the requests of the last 6 h failed.' },
    ),
  ).toEqual(['What the status says.', 'What the status says.', '3.5 % of the requests of the last 6 h failed.']);
});

it('lets what is over keep its words, and what says nothing say nothing', () => {
  expect(
    summaries({ name: 'DiskFull', state: 'resolved', summary: 'The disk is almost full.' }, { name: 'X', summary: '' }),
  ).toEqual(['The disk is almost full.', '']);
  expect(toldOnce('refused', HEALTH)).toBe('refused');
});
