import { describe, expect, it } from 'vitest';
import { toHtml } from './element.js';
import { feelRegion } from './feel-region.js';
import { readRecent, type RecentReading } from './recent-reading.js';

const ANSWER = {
  timestamp: '2026-01-01T12:00:00.000Z',
  window_seconds: 300,
  covered_seconds: 300,
  values: { answered_ratio: 0.9999, first_token_p95: 1.42, requests: 212.4, tokens: 31_000 },
  counts: {
    requests: 1062,
    judged: 10_000,
    let_down: 1,
    rescued: 38,
    retries: 41,
    failovers: 3,
    resumes: 0,
    tokens_input: 100,
    tokens_output: 55,
  },
  gauges: {},
  lines: {
    step_seconds: 60,
    points: {
      requests: [
        [0, 200],
        [60, null],
        [120, 212],
      ],
    },
  },
};
const text = (recent: RecentReading | 'refused' | 'unknown'): string =>
  feelRegion(recent)
    .map(toHtml)
    .join('')
    .replace(/<span class="unseen">.*?<\/span>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('what users feel', () => {
  it('is five figures of the last minutes', () => {
    expect(text(readRecent(ANSWER))).toBe(
      'Answered 99.9 % 1 of 10,000 failed Rescued 38 41 more attempts, 3 by another model First token p95 1.4 s ' +
        'of streams Requests/min 212 1,062 in all Tokens/min 31,000 100 in, 55 out ' +
        'The last 5 min. The lines are the last hour.',
    );
  });

  it('claims nothing where nothing was asked: neither 0 % nor 100 %', () => {
    const idle = { ...ANSWER, covered_seconds: 40, values: { requests: 0, answered_ratio: null }, counts: {} };
    const shown = text(readRecent(idle));
    expect(shown).toContain('Answered – no requests Rescued – no requests First token p95 – no streams');
    expect(shown).toContain('Requests/min 0');
    expect(shown).toContain('Since the start, 40 s ago.');
    expect(shown).not.toContain('%');
  });

  it('speaks of the last minutes also where they begin between two samples', () => {
    const shown = (covered: number): string => text(readRecent({ ...ANSWER, covered_seconds: covered }));
    expect(shown(290)).toContain('The last 5 min.');
    expect(shown(280)).toContain('Since the start, 4 min ago.');
  });

  it('has the line of each figure in words', () => {
    const html = feelRegion(readRecent(ANSWER)).map(toHtml).join('');
    expect(html).toContain('Last hour: lowest 200 a minute, highest 212 a minute, last 212 a minute.');
    expect(html.match(/class="spark"/g)).toHaveLength(5);
  });

  it('says why it is not there', () => {
    expect(text('refused')).toContain('METRICS_TOKEN is set');
    expect(text('unknown')).toMatch(/^Unknown/);
    for (const none of [null, 'x', {}, { window_seconds: '300' }]) expect(readRecent(none)).toBe('unknown');
  });
});
