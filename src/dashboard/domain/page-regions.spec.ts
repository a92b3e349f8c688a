import { describe, expect, it } from 'vitest';
import { toHtml } from './element.js';
import { readOverview } from './overview-reading.js';
import { type HealthReading, type MetricsReading } from './node-reading.js';
import { type PageFacts, type RegionName, regionsOf } from './page-regions.js';
import { NOTHING_READ } from './readings.js';

const START = '2026-01-01T12:00:00.000Z';
const NOW = Date.parse(START) + 3_725_000;
const HEALTH: HealthReading = {
  state: 'healthy',
  summary: 'Healthy.',
  upstream: 'gemini',
  version: '1.2.3',
  uptime_seconds: 3725,
  requests_total: 0,
  conditions: [],
};
const FIGURES: MetricsReading = {
  requests_total: 0,
  requests_success: 0,
  requests_error: 0,
  api_calls: 0,
  upstream_429: 0,
  upstream_5xx: 0,
  uptime_start: START,
  model_usage: {},
  model_429_count: {},
};
/** The texts of one part of the page. */
const read = (
  name: RegionName,
  health: Partial<HealthReading>,
  figures: Partial<MetricsReading> | string = {},
  more: Partial<PageFacts> = {},
): string =>
  regionsOf({
    ...NOTHING_READ,
    health: { ...HEALTH, ...health },
    figures: typeof figures === 'string' ? (figures as 'unknown') : { ...FIGURES, ...figures },
    now: NOW,
    ...more,
    clock: (ms) => new Date(ms).toISOString().slice(11, 16),
  })
    [name].map(toHtml)
    .join('')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('the parts of the page', () => {
  it('tell version, uptime in words and upstream', () => {
    expect(read('identity', {})).toBe('v1.2.3 · up 1 h 2 min · upstream: gemini');
    expect(read('identity', { uptime_seconds: 59 })).toContain('up less than a minute');
  });

  it('warn of the simulator, and only of the simulator', () => {
    expect(read('notice', { upstream: 'simulator' })).toContain('not from Gemini');
    expect(read('notice', {})).toBe('');
  });

  it('claim no share of nothing', () => {
    expect(read('since', {})).toContain('Answered – none to count yet');
    expect(read('since', {}, { requests_total: 2 })).toContain('Requests 2 2 left by the client');
  });

  it('never round one failure away', () => {
    const figures = { requests_total: 10_000, requests_success: 9999, requests_error: 1 };
    expect(read('since', {}, figures)).toContain('Answered 9,999 99.9 % Failed 1');
  });

  it('say why figures are missing instead of showing zeros', () => {
    expect(read('since', { requests_total: 7 }, 'refused')).toBe(
      'Sign in with ADMIN_TOKEN to see the figures: METRICS_TOKEN is set. 7 requests have been finished since the start.',
    );
    expect(read('since', {}, 'unknown')).toMatch(/^Unknown/);
  });

  it('put models with refused quota first, then the busiest', () => {
    const figures = { model_usage: { a: 5, b: 9, c: 1 }, model_429_count: { c: 2, d: 1 } };
    expect(read('since', {}, figures)).toContain('Model Answers Quota refusals c 1 2 d 0 1 b 9 0 a 5 0');
  });

  it('tell each condition with its reason and since when', () => {
    const since = new Date(NOW - 360_000).toISOString();
    const conditions = [{ name: 'event_loop', severity: 'degraded', reason: 'It is late.', since }];
    expect(read('happened', { state: 'degraded', conditions })).toBe(
      'What happened event loop: degraded It is late. since 12:56 (6 min)',
    );
  });

  it('say nothing of what happened while nothing has', () => {
    expect(read('happened', { state: 'unhealthy' })).toBe('');
  });

  it('name the node only to those who may know it', () => {
    const overview = readOverview({
      timestamp: START,
      node: { name: 'prod-1', node_version: 'v22.1.0', processes: 2 },
      vitals: [],
      keys: [],
      limits: { models: [] },
    });
    expect(read('identity', {}, {}, { overview })).toBe('prod-1 · v1.2.3 · up 1 h 2 min · upstream: gemini');
    expect(read('build', {}, {}, { overview })).toBe(
      'L104 Node v1.2.3 · Node.js v22.1.0 · 2 processes, of which this page asks one',
    );
    expect(read('build', {})).toBe('L104 Node v1.2.3');
  });
});
