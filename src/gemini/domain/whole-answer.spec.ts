import { describe, expect, it } from 'vitest';
import { AnswerDefect, type DefectKind } from './answer-defect.js';
import { type Surface } from './route.js';
import { checkWholeAnswer } from './whole-answer.js';

function defectOf(surface: Surface, answer: object): DefectKind | undefined {
  try {
    checkWholeAnswer(surface, Buffer.from(JSON.stringify(answer)));
    return undefined;
  } catch (error) {
    if (error instanceof AnswerDefect) return error.kind;
    throw error;
  }
}

// Small answers are parsed, large ones are not.
describe.each([10, 40_000])('an answer of %i characters', (length) => {
  const text = 'x'.repeat(length);
  const native = (more: object): object => ({ candidates: [{ content: { parts: [{ text }] }, ...more }] });
  const chat = (content: string, more: object): object => ({ choices: [{ message: { content }, ...more }] });

  it('is whole with a finish reason', () => {
    expect(defectOf('gemini', native({ finishReason: 'STOP' }))).toBeUndefined();
    expect(defectOf('openai', chat(text, { finish_reason: 'stop' }))).toBeUndefined();
  });

  it('is not whole without one, whatever its text says', () => {
    expect(defectOf('gemini', native({}))).toBe('no_finish');
    expect(defectOf('openai', chat(`${text} "finish_reason":"stop"`, {}))).toBe('no_finish');
  });
});
