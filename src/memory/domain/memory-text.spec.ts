import { describe, expect, it } from 'vitest';
import { textProblem } from './memory-text.js';

describe('textProblem', () => {
  it.each(['a', '/', '..', ' ', '😀', '\uFEFF', '\u{10FFFF}', '\n', '%2F', 'e\u0301'])('takes %j', (text) => {
    expect(textProblem(text, 255)).toBeUndefined();
  });

  it('counts code points', () => {
    expect(textProblem('😀'.repeat(255), 255)).toBeUndefined();
    expect(textProblem('😀'.repeat(256), 255)).toContain('255 characters');
    expect(textProblem(`${'a'.repeat(254)}😀`, 255)).toBeUndefined();
    expect(textProblem('a'.repeat(256), 255)).toContain('255 characters');
  });

  it('refuses what could not come back as it was', () => {
    expect(textProblem('', 255)).toContain('empty');
    expect(textProblem('a\0b', 255)).toContain('U+0000');
    expect(textProblem('a\uD83D', 255)).toContain('surrogate');
    expect(textProblem('\uDE00\uD83D', 255)).toContain('surrogate');
  });
});
