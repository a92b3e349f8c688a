import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StopSequenceGuard } from './stop-sequence.js';

function run(stops: readonly string[], tail: string, parts: readonly string[]) {
  const guard = new StopSequenceGuard(stops, tail);
  let text = '';
  let stopped = false;
  for (const part of parts) {
    const out = guard.push(part);
    text += out.text;
    stopped = out.stopped;
  }
  return { text: text + guard.end(), stopped };
}

/** The same, seen over the whole text: the sequence that is complete first behind the tail ends it. */
function expected(stops: readonly string[], tail: string, added: string) {
  const all = tail + added;
  for (let end = tail.length + 1; end <= all.length; end++) {
    const found = stops.filter((stop) => stop !== '' && all.slice(0, end).endsWith(stop));
    if (found.length === 0) continue;
    const begin = end - Math.max(...found.map((stop) => stop.length));
    return { text: added.slice(0, Math.max(0, begin - tail.length)), stopped: true };
  }
  return { text: added, stopped: false };
}

describe('StopSequenceGuard', () => {
  it.each([
    ['straddles the seam', ['END'], ['text E', 'ND more'], { text: '', stopped: true }],
    ['lies in the new text', ['END'], ['text', ' goes on END more'], { text: ' goes on ', stopped: true }],
    ['comes in pieces', ['END'], ['text', ' a E', 'N', 'D', 'x'], { text: ' a ', stopped: true }],
    ['was only begun', ['END'], ['text', ' a EN'], { text: ' a EN', stopped: false }],
    ['was only begun in the tail', ['END'], ['text EN', 'tire'], { text: 'tire', stopped: false }],
    ['begins again inside itself', ['aab'], ['xa', 'aaab'], { text: 'a', stopped: true }],
    ['is empty', [''], ['text', ' goes on'], { text: ' goes on', stopped: false }],
    ['is complete in the tail already', ['END'], ['END', ' goes on'], { text: ' goes on', stopped: false }],
  ])('knows a sequence that %s', (_what, stops, [tail = '', ...parts], result) => {
    expect(run(stops, tail, parts)).toEqual(result);
  });

  it('delivers at once what cannot be a beginning', () => {
    const guard = new StopSequenceGuard(['\n\n', 'END'], 'x');
    expect(guard.push('one\n')).toEqual({ text: 'one', stopped: false });
    expect(guard.push('two')).toEqual({ text: '\ntwo', stopped: false });
    expect(guard.push(' EN')).toEqual({ text: ' ', stopped: false });
    expect(guard.push('D')).toEqual({ text: '', stopped: true });
    expect([guard.push('more'), guard.end()]).toEqual([{ text: '', stopped: true }, '']);
  });

  it('finds the same as a look at the whole text would, in any pieces', () => {
    const text = (maxLength: number) =>
      fc.array(fc.constantFrom('a', 'b', 'ab', '\n', '😀'), { maxLength }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(
        fc.array(text(4), { maxLength: 4 }),
        text(10),
        fc.array(text(6), { maxLength: 12 }),
        (stops, tail, parts) => {
          expect(run(stops, tail, parts)).toEqual(expected(stops, tail, parts.join('')));
          expect(run(stops, tail, parts.join('').split(''))).toEqual(expected(stops, tail, parts.join('')));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('does not deliver half a surrogate pair', () => {
    const guard = new StopSequenceGuard(['END'], '');
    expect(guard.push('a \ud83d')).toEqual({ text: 'a ', stopped: false });
    expect(guard.push('\ude00E')).toEqual({ text: '😀', stopped: false });
    expect(guard.end()).toBe('E');
  });

  it('holds less than its longest sequence and no half of a surrogate pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '😀'), maxLength: 200 }), (text) => {
        const guard = new StopSequenceGuard(['aaaab', '😀😀b'], 'aa');
        let given = 0;
        text.split('').forEach((unit, index) => {
          const out = guard.push(unit);
          given += out.text.length;
          expect(out.text).not.toMatch(/[\ud800-\udbff]$/);
          if (!out.stopped) expect(index + 1 - given).toBeLessThanOrEqual(5);
        });
      }),
    );
  });
});
