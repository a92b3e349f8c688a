import { describe, expect, it } from 'vitest';
import { readAlerts, readHeals, readTargets } from './admin-reading.js';
import { alertsRegion, healingRegion } from './admin-regions.js';
import { type Child, toHtml } from './element.js';

const AT = '2026-01-01T12:00:00.000Z';
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
const html = (region: readonly Child[]): string => region.map(toHtml).join('');
const text = (region: readonly Child[]): string =>
  html(region)
    .replace(/<[^>]*>/g, '|')
    .replace(/\|+/g, '|');

const heals = (...items: object[]): ReturnType<typeof readHeals> => readHeals({ items });
const alerts = (...found: object[]): ReturnType<typeof readAlerts> => readAlerts({ alerts: found });

describe('what administrators see', () => {
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
    expect(shown.match(/Silence …/g)).toHaveLength(1);
    expect(shown).not.toContain('End silence');
    expect(shown).toContain('silenced until |12:00|');

    const silences = [{ id: 's1', alert: 'CircuitOpen', until: AT }];
    const silent = readAlerts({ alerts: [{ ...alert, silenced_until: AT }], silences });
    expect(html(alertsRegion(silent, clock))).toMatch(/data-act="unsilence"[^>]*data-id="s1">End silence/);
  });

  it('is said to be refused, or unknown, and never nothing', () => {
    for (const region of [alertsRegion('refused', clock), healingRegion('refused', clock, AT)])
      expect(text(region)).toContain('Sign in at the top of this page');
    expect(text(alertsRegion('unknown', clock))).toContain('Not known yet.');
    for (const read of [readTargets, readHeals, readAlerts])
      for (const answer of ['<html>', null, 1, {}]) expect(read(answer)).toBe('unknown');
  });

  it('puts every text in as text', () => {
    const evil = '<img src=x onerror=alert(1)>"\'';
    const run = { run_id: 'r', timestamp: evil, reason: evil, cause: evil };
    const all = html([
      ...healingRegion(heals(run), clock, AT),
      ...alertsRegion(alerts({ name: evil, summary: evil, state: 'firing' }), clock),
    ]);
    expect(all).not.toContain('<img');
    expect(all).toContain('&lt;img');
  });
});
