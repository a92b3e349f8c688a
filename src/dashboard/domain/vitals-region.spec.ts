import { describe, expect, it } from 'vitest';
import { type Child, toHtml } from './element.js';
import { limitsRegion } from './limits-region.js';
import { readOverview } from './overview-reading.js';
import { vitalsRegion } from './vitals-region.js';

const AT = '2026-01-01T12:00:00.000Z';
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
const text = (region: readonly Child[]): string =>
  region
    .map(toHtml)
    .join('')
    .replace(/<[^>]*>/g, '|')
    .replace(/\|+/g, '|');
const vital = (name: string, value: number | null, more: object = {}): object => ({
  name,
  value,
  unit: 'bytes',
  limit: 100 * 1024 ** 2,
  stays: 'below',
  level: 'ok',
  at: AT,
  ...more,
});
const overview = (more: object = {}): ReturnType<typeof readOverview> =>
  readOverview({
    timestamp: AT,
    vitals: [],
    keys: [],
    limits: {
      calls: { in_flight: 3, limit: 5000 },
      models: [
        { name: 'a stream', limit: 200, in_flight: 1, waiting: 0 },
        { name: 'b stream', limit: 20, in_flight: 20, waiting: 4 },
      ],
      retry_budget: { used: 2, allowed: 10, window_seconds: 10 },
      rate_limit: { requests: 1000, window_seconds: 60, clients: 7 },
    },
    streams: { open: 5 },
    store: {
      state: 'ready',
      reason: null,
      database: 'l104.db',
      kind: 'sqlite',
      size_bytes: 1_572_864,
      pending_writes: 0,
      pending_limit: 1000,
      last_backup_at: '2026-01-01T11:48:00.000Z',
    },
    ...more,
  });

describe('the vitals', () => {
  it('have a value, a limit and a word', () => {
    const vitals = [
      vital('event_loop_delay', 0.0123, { unit: 'seconds', limit: 0.5 }),
      vital('heap', 90 * 1024 ** 2, { level: 'near' }),
      vital('disk_free', 1024, { stays: 'above', level: 'over', limit: 2048 }),
    ];
    const shown = text(vitalsRegion(overview({ vitals })));
    expect(shown).toContain('|Event loop delay|12 ms|500 ms|fine|');
    expect(shown).toContain('|Heap|90 MiB|100 MiB|near its limit|');
    expect(shown).toContain('|Disk, free|1 KiB|at least 2 KiB|too little|');
    expect(shown).toContain('|Memory store|ready|fine|Writes waiting|0|1,000|fine|');
  });

  it('say how old they are, and that they are not known', () => {
    const at = '2026-01-01T11:59:25.000Z';
    const shown = text(
      vitalsRegion(
        overview({ vitals: [vital('disk_free', 5, { at }), vital('heap', null, { level: 'unknown', at })] }),
      ),
    );
    expect(shown).toContain('|Disk, free|5 B |35 s ago|');
    expect(shown).toContain('|Heap|–|100 MiB|not read yet|');
  });

  it('tell why the store cannot be used', () => {
    const store = { state: 'unusable', reason: 'the disk is full' };
    expect(text(vitalsRegion(overview({ store })))).toContain('|Memory store|unusable|the disk is full|');
  });
});

describe('the limits', () => {
  it('have the busiest model first, and all that is limited', () => {
    const shown = text(limitsRegion(overview(), clock));
    expect(shown).toContain('|b stream|20|20|4|a stream|1|200|0|');
    expect(shown).toContain('|Calls|3 of 5,000|Waiting|4|Streams|5 alive|');
    expect(shown).toContain('|Retry budget|2 of 10 used in 10 s|');
    expect(shown).toContain('|Rate limit|1,000 a client in 1 min, 7 clients remembered|');
    expect(shown).toContain('|Store|ready · l104.db · 1.5 MiB · last backup |11:48| (12 min ago) · 0 writes pending|');
  });

  it('do not take what is not known for zero', () => {
    const bare = readOverview({ timestamp: AT, vitals: [], keys: [], limits: { models: [] } });
    const shown = text(limitsRegion(bare, clock));
    expect(shown).toContain('No model has been asked since the start');
    expect(shown).toContain('|Streams|–|');
    expect(shown).toContain('size not known yet');
    expect(readOverview({})).toBe('unknown');
  });

  it('are said to be refused', () => {
    expect(text(limitsRegion('refused', clock))).toContain('Sign in at the top of this page');
  });
});
