import { describe, expect, it } from 'vitest';
import { type Child, toHtml } from './element.js';
import { forecastRegion } from './forecast-region.js';
import { readOverview } from './overview-reading.js';

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
const shown = (region: readonly Child[]): string =>
  region
    .map(toHtml)
    .join('')
    .replace(/<[^>]*>/g, '|')
    .replace(/\|+/g, '|');
const figure = (name: string, state: string, more: object = {}): object => ({
  name,
  state,
  unknown_because: null,
  probability: null,
  limit_in_seconds: null,
  known_at: null,
  advice: 'Raise its limit.',
  ...more,
});
const region = (forecasts: unknown): string =>
  shown(forecastRegion(readOverview({ vitals: [], keys: [], limits: { models: [] }, forecasts }), clock));
const of = (...figures: object[]): string => region({ enabled: true, horizon_seconds: 3600, figures });

describe('the forecast', () => {
  it('says of each resource what is likely, and what helps', () => {
    const said = of(
      figure('file_descriptors', 'likely', { probability: 0.91, limit_in_seconds: 261 }),
      figure('heap', 'possible', { probability: 0.62, limit_in_seconds: 1900 }),
      figure('disk_free', 'no_sign', { probability: 0.1 }),
      figure('new_thing', 'reached'),
    );
    expect(said).toContain(
      '|Resource|Reaches its limit|' +
        'Heap|possible within 35 min (60 %)|' +
        'Disk, free|no sign of it|' +
        'File descriptors|likely within 5 min (90 %)|Raise its limit.|' +
        'new thing|it is as good as there: see the status|',
    );
    expect(said).toContain('Within 1 h at most');
  });

  it('says of what is not known why, and from when on it will be', () => {
    const at = '2026-01-01T12:15:00.000Z';
    const said = of(
      figure('heap', 'unknown', { unknown_because: 'too_new', known_at: at }),
      figure('resident_memory', 'no_limit'),
      figure('disk_free', 'unknown', { unknown_because: 'unread' }),
      figure('file_descriptors', 'unknown', { unknown_because: 'too_seldom' }),
      figure('new_thing', 'some_new_word'),
    );
    expect(said).toContain('|Heap|not known before |12:15|');
    expect(said).toContain('|Memory of the process|it has none|');
    expect(said).toContain('|Disk, free|not known: not read yet|');
    expect(said).toContain(
      '|File descriptors|never known: WATCHDOG_INTERVAL is more than a tenth of FORECAST_HORIZON|',
    );
    expect(said).toContain('|new thing|not known|');
  });

  it('says why it is empty', () => {
    expect(region({ enabled: false, figures: [] })).toContain('the watchdog is off (|ENABLE_WATCHDOG_ENV|)');
    expect(region(undefined)).toBe('|Not known yet.|');
    expect(shown(forecastRegion('refused', clock))).toContain('Sign in at the top of this page');
  });
});
