import { describe, expect, it } from 'vitest';
import { readTargets } from './admin-reading.js';
import { type Child, toHtml } from './element.js';
import { readOverview } from './overview-reading.js';
import { type TargetFacts, targetsRegion } from './targets-region.js';

const AT = '2026-01-01T12:00:00.000Z';
const NOW = Date.parse(AT) + 180_000;
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
const html = (region: readonly Child[]): string => region.map(toHtml).join('');
const shown = (facts: Partial<TargetFacts>): string =>
  html(targetsRegion({ targets: [], overview: 'unknown', now: NOW, clock, ...facts }))
    .replace(/<span class="unseen">.*?<\/span>/g, '')
    .replace(/<[^>]*>/g, '|')
    .replace(/\|+/g, '|');
const circuit = (name: string, state: string, more: object = {}): object => ({
  name,
  state,
  since: AT,
  reason: null,
  remaining_seconds: null,
  counts: { calls: 4, failures: 0, consecutive_failures: 0 },
  last_success_at: AT,
  p95_ms: 1234,
  calls_per_minute: 140,
  hours: [null, { calls: 2, failures: 1, refusals: 0, out_seconds: 0 }],
  ...more,
});
const targets = (...circuits: object[]): TargetFacts['targets'] => readTargets({ circuits });
const keys = (...list: object[]): TargetFacts['overview'] =>
  readOverview({ timestamp: new Date(NOW).toISOString(), vitals: [], keys: list, limits: { models: [] } });
const key = (id: string, state: string, more: object = {}): object => ({ id, state, fault: null, rests: [], ...more });

describe('the targets', () => {
  const open = circuit('m@k', 'open', {
    reason: { rule: 'consecutive_failures', cause: 'status 503' },
    remaining_seconds: 41,
    counts: { calls: 9, failures: 5, consecutive_failures: 5 },
  });

  it('have the worst first, with why it rests and for how long', () => {
    const text = shown({ targets: targets(circuit('a', 'closed'), circuit('b', 'isolated'), open) });
    expect(text.indexOf('m@k')).toBeLessThan(text.indexOf('|b|'));
    expect(text.indexOf('|b|')).toBeLessThan(text.indexOf('|a|'));
    expect(text).toContain('|m@k| resting since |12:00|, for status 503 ×5; tried again in 41 s|');
    expect(text).toContain('5 of 9 calls failed lately');
    expect(text.match(/Isolate/g)).toHaveLength(2);
    expect(text.match(/Release/g)).toHaveLength(1);
  });

  it('tell when they last answered, how fast and how often', () => {
    const text = shown({ targets: targets(circuit('a', 'closed')) });
    expect(text).toContain('|last answer |12:00| (3 min ago) · p95 1.2 s · 140/min|');
    const quiet = shown({ targets: targets(circuit('a', 'closed', { last_success_at: null, p95_ms: null })) });
    expect(quiet).toContain('no answer since the start · p95 – · 140/min');
  });

  it('have their day drawn and told', () => {
    const all = html(targetsRegion({ targets: targets(open), overview: 'unknown', now: NOW, clock }));
    expect(all).toContain('<span class="unseen">Last 2 hours, 1 of them not known: failures in 1 hour.</span>');
    expect(all).toContain('class="bar-bad"');
  });

  it('reckon ages by the clock of the node where that is known', () => {
    const overview = readOverview({ timestamp: AT, vitals: [], keys: [], limits: { models: [] } });
    expect(shown({ targets: targets(circuit('a', 'closed')), overview })).toContain('(1 s ago)');
  });

  it('are no more than can be read', () => {
    const many = Array.from({ length: 60 }, (_, n) => circuit(`m${n}@k`, 'closed'));
    const text = shown({ targets: targets(...many) });
    expect(text.match(/Isolate/g)).toHaveLength(50);
    expect(text).toContain('10 more: GET /self/circuits lists them all.');
  });

  it('say why they are not there', () => {
    expect(shown({})).toContain('No model has been asked since the start');
    expect(shown({ targets: 'refused' })).toContain('Sign in at the top of this page');
    expect(shown({ targets: 'unknown' })).toContain('Not known yet.');
  });

  it('put every text in as text', () => {
    const evil = '<img src=x onerror=alert(1)>"\'';
    const facts = {
      targets: targets(circuit(evil, 'open', { reason: { cause: evil } })),
      overview: keys(key(evil, 'refused', { fault: evil })),
    };
    const all = html(targetsRegion({ ...facts, now: NOW, clock }));
    expect(all).not.toContain('<img');
    expect(all).toContain('&lt;img');
  });
});

describe('the keys', () => {
  it('are shown where they rest or are refused, the others counted', () => {
    const rest = { model: 'gemini-x', kind: 'per_minute', remaining_seconds: 18 };
    const text = shown({
      overview: keys(
        key('a1f39c2d', 'resting', { rests: [rest] }),
        key('bbbb1111', 'refused', { fault: 'not_valid' }),
        key('cccc1111', 'ready'),
      ),
    });
    expect(text).toContain('|key #a1f3| resting for gemini-x, per-minute quota · 18 s left|');
    expect(text).toContain('|key #bbbb| refused by Gemini: not valid. Replace it in GEMINI_API_KEY.|');
    expect(text.indexOf('#bbbb')).toBeLessThan(text.indexOf('#a1f3'));
    expect(text).not.toContain('cccc');
    expect(text).toContain('1 of 3 keys ready.');
  });

  it('are no more than can be read', () => {
    const text = shown({ overview: keys(...Array.from({ length: 30 }, (_, n) => key(`${n + 1000}`, 'resting'))) });
    expect(text.match(/key #/g)).toHaveLength(20);
    expect(text).toContain('0 of 30 keys ready. 10 more rest');
  });
});
