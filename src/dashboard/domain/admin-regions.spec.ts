import { describe, expect, it } from 'vitest';
import { readAlerts, readHeals, readTargets } from './admin-reading.js';
import { alertsRegion, healingRegion, targetsRegion } from './admin-regions.js';
import { type Child, toHtml } from './element.js';

const AT = '2026-01-01T12:00:00.000Z';
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
const html = (region: readonly Child[]): string => region.map(toHtml).join('');
const text = (region: readonly Child[]): string =>
  html(region)
    .replace(/<[^>]*>/g, '|')
    .replace(/\|+/g, '|');

const circuit = (name: string, state: string, more: object = {}): object => ({
  name,
  state,
  since: AT,
  reason: null,
  next_probe_at: null,
  counts: { calls: 4, failures: 3 },
  ...more,
});
const targets = (...circuits: object[]): ReturnType<typeof readTargets> => readTargets({ circuits });
const heals = (...items: object[]): ReturnType<typeof readHeals> => readHeals({ items });
const alerts = (...found: object[]): ReturnType<typeof readAlerts> => readAlerts({ alerts: found });

describe('what administrators see', () => {
  it('has the worst target first, with why it rests and when it is tried again', () => {
    const open = circuit('m@k', 'open', { reason: { rule: 'failures', cause: 'server_error' }, next_probe_at: AT });
    const shown = text(targetsRegion(targets(circuit('a', 'closed'), circuit('b', 'isolated'), open), clock));
    expect(shown.indexOf('m@k')).toBeLessThan(shown.indexOf('|b|'));
    expect(shown.indexOf('|b|')).toBeLessThan(shown.indexOf('|a|'));
    expect(shown).toContain('resting since |12:00|, for server error; tried again from |12:00|');
    expect(shown).toContain('4 calls lately, 3 failed');
    expect(shown.match(/Isolate/g)).toHaveLength(2);
    expect(shown.match(/Release/g)).toHaveLength(1);
  });

  it('has each heal with its cause, steps and verdict', () => {
    const run = {
      run_id: 'r',
      timestamp: AT,
      by: 'watchdog',
      level: 'medium',
      cause: 'connection_fault',
      reason: 'Connections failed.',
      steps: [
        { name: 'http_client_reset', result: 'ok' },
        { name: 'limits_shrunk', result: 'failed' },
      ],
      verdict: 'cured',
      verdict_reason: 'Gone.',
    };
    const shown = text(healingRegion(heals(run), clock, AT));
    expect(shown).toContain('12:00| |connection fault → medium');
    expect(shown).toContain('http client reset, limits shrunk (failed): it helped.');
    expect(text(healingRegion(heals(), clock, AT))).toContain('No heal was needed since |12:00|.');
  });

  it('has alerts, of which those that stand and are heard can be silenced', () => {
    const alert = { name: 'CircuitOpen', severity: 'warning', state: 'firing', summary: 'It is open.', since: AT };
    const shown = text(
      alertsRegion(alerts(alert, { ...alert, silenced_until: AT }, { ...alert, state: 'resolved' }), clock),
    );
    expect(shown).toContain('CircuitOpen, warning|It is open.|firing since |12:00|');
    expect(shown.match(/Silence 1 h/g)).toHaveLength(1);
    expect(shown).toContain('silenced until |12:00|');
  });

  it('is said to be refused, or unknown, and never nothing', () => {
    for (const region of [
      targetsRegion('refused', clock),
      alertsRegion('refused', clock),
      healingRegion('refused', clock, AT),
    ])
      expect(text(region)).toContain('Sign in at the top of this page');
    expect(text(targetsRegion('unknown', clock))).toContain('Not known yet.');
    for (const read of [readTargets, readHeals, readAlerts])
      for (const answer of ['<html>', null, 1, {}]) expect(read(answer)).toBe('unknown');
  });

  it('puts every text in as text', () => {
    const evil = '<img src=x onerror=alert(1)>"\'';
    const run = { run_id: 'r', timestamp: evil, reason: evil, cause: evil };
    const all = html([
      ...targetsRegion(targets(circuit(evil, 'open', { reason: { cause: evil } })), clock),
      ...healingRegion(heals(run), clock, AT),
      ...alertsRegion(alerts({ name: evil, summary: evil, state: 'firing' }), clock),
    ]);
    expect(all).not.toContain('<img');
    expect(all).toContain('&lt;img');
  });
});
