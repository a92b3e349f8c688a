import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import { AnswerDefect } from './answer-defect.js';
import { GeminiAnswer, OpenAiAnswer } from './answer-state.js';
import { ThroughputFloor } from './throughput-floor.js';

const LIMITS = { minPerSecond: 1, floorWindowMs: 60_000 };

let clock: ManualClock;
let answer: GeminiAnswer;
let floor: ThroughputFloor;
beforeEach(() => {
  clock = new ManualClock();
  answer = new GeminiAnswer();
  floor = new ThroughputFloor(clock, LIMITS);
});

function says(...parts: object[]): void {
  answer.accept({ candidates: [{ content: { parts } }] });
}

/** Lets `seconds` pass with something said every `everySeconds`; the second at which the floor strikes. */
function struckAt(seconds: number, everySeconds: number, say: () => void): number | undefined {
  for (let at = everySeconds; at <= seconds; at += everySeconds) {
    clock.advance(everySeconds * 1000);
    say();
    try {
      floor.check(answer);
    } catch (error) {
      expect(error).toMatchObject({ kind: 'too_slow' });
      return at;
    }
  }
  return undefined;
}

describe('the floor', () => {
  it('strikes at the end of the window for a stream that drips', () => {
    expect(
      struckAt(600, 10, () => {
        says({ text: 'drip' });
      }),
    ).toBe(60);
  });

  it('strikes within two windows once a stream begins to drip', () => {
    expect(
      struckAt(61, 1, () => {
        says({ text: 'quick enough' });
      }),
    ).toBeUndefined();
    expect(
      struckAt(600, 10, () => {
        says({ text: 'd' });
      }),
    ).toBeLessThanOrEqual(120);
  });

  it.each<[string, () => void]>([
    [
      'text of two characters a second',
      () => {
        says({ text: 'x'.repeat(40) });
      },
    ],
    [
      'thoughts',
      () => {
        says({ text: 'x'.repeat(40), thought: true });
      },
    ],
    [
      'calls',
      () => {
        says({ functionCall: { name: 'f', args: {} } });
      },
    ],
  ])('lets a healthy slow stream be: %s', (_, say) => {
    expect(struckAt(3600, 20, say)).toBeUndefined();
  });

  it('lets growing token counts be, but not those that stand still', () => {
    let tokens = 0;
    const grows = (): void => {
      tokens += 10;
      answer.accept({ usageMetadata: { thoughtsTokenCount: tokens } });
    };
    expect(struckAt(3600, 20, grows)).toBeUndefined();
    expect(struckAt(3600, 20, () => answer.accept({ usageMetadata: { thoughtsTokenCount: tokens } }))).toBe(60);
  });

  it('takes the pace over the time that really passed, not over the window', () => {
    clock.advance(200_000);
    says({ text: 'x'.repeat(100) });
    expect(() => {
      floor.check(answer);
    }).toThrow(AnswerDefect);
  });

  it('begins anew where the client was the slow one', () => {
    clock.advance(3_600_000);
    floor.restart(answer);
    says({ text: 'x' });
    floor.check(answer);
    expect(struckAt(600, 10, () => undefined)).toBe(60);
  });

  it('can be switched off', () => {
    floor = new ThroughputFloor(clock, { ...LIMITS, minPerSecond: 0 });
    expect(struckAt(3600, 20, () => undefined)).toBeUndefined();
  });

  it('counts text, calls and thoughts of the other dialect', () => {
    const chat = new OpenAiAnswer();
    floor.restart(chat);
    for (const delta of [{ content: 'x'.repeat(20) }, { reasoning_content: 'x'.repeat(20) }, { tool_calls: [{}] }]) {
      clock.advance(20_000);
      chat.accept({ choices: [{ delta }] });
    }
    floor.check(chat);
    clock.advance(60_000);
    chat.accept({ choices: [{ delta: { role: 'assistant', content: '' } }] });
    expect(() => {
      floor.check(chat);
    }).toThrow(AnswerDefect);
  });
});
