import { afterEach, describe, expect, it, vi } from 'vitest';
import { Progress } from './progress.js';

function told(isTTY: boolean): { progress: Progress; pass: (ms: number) => void; text: () => string } {
  let [now, text] = [0, ''];
  const output = { isTTY, write: (more: string) => (text += more) };
  const progress = new Progress('export', 200, output, () => now);
  return { progress, pass: (ms) => (now += ms), text: () => text };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('Progress', () => {
  it('is a line every few seconds where nobody watches', () => {
    const { progress, pass, text } = told(false);
    progress.add(10);
    pass(4000);
    progress.add(10);
    expect(text()).toBe('');
    pass(1000);
    progress.add(80);
    progress.end();
    expect(text()).toBe('export: 50 %, 100 of 200 rows, 20 rows/s\n');
    expect(progress).toMatchObject({ done: 100, seconds: 5 });
  });

  it('is a bar on a terminal, without colour where none is wanted, and goes when it is done', () => {
    for (const [wanted, colour] of [
      ['', true],
      ['1', false],
    ] as const) {
      vi.stubEnv('NO_COLOR', wanted);
      const { progress, pass, text } = told(true);
      pass(200);
      progress.add(100);
      progress.end();
      expect(text()).toContain('############');
      expect(text()).toContain('50 %');
      expect(text().includes('\x1b[32m')).toBe(colour);
      expect(text().endsWith('\r\x1b[K')).toBe(true);
    }
  });
});
