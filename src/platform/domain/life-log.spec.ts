import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import {
  endLine,
  type LifeEnd,
  type LifeEndKind,
  readLifeLog,
  restartsWithin,
  shortened,
  startLine,
} from './life-log.js';

const clock = new ManualClock();

function started(id: string, pid = 100): string {
  return startLine({ id, pid, birth: '77', startedAt: clock.wall(), version: '1.2.3' });
}

function end(kind: LifeEndKind, endedAt = clock.wall()): LifeEnd {
  return { endedAt, code: kind === 'healed' ? 75 : undefined, kind, cause: 'local_overload', reason: 'because' };
}

describe('the log of lives', () => {
  it('tells of each life what was written of it', () => {
    const log = readLifeLog(started('a') + endLine('a', end('healed')) + started('b', 101));
    expect(log.lives).toEqual([
      { id: 'a', pid: 100, birth: '77', startedAt: clock.wall(), version: '1.2.3', end: end('healed') },
      { id: 'b', pid: 101, birth: '77', startedAt: clock.wall(), version: '1.2.3', end: undefined },
    ]);
    expect(log.lastEnded?.id).toBe('a');
  });

  it('leaves out what is torn, foreign or no line, and reads on behind it', () => {
    const torn = started('torn').slice(0, 30);
    const text = `\0\0garbage\n[1]\n{"life":1}\n{"life":"x","event":"started","pid":-1}\n${started('a')}${torn}`;
    const log = readLifeLog(text + endLine('a', end('stalled')) + endLine('nobody', end('bug')));
    expect(log.lives).toHaveLength(1);
    expect(log.lastEnded).toMatchObject({ id: 'a', end: { kind: 'stalled', code: undefined } });
  });

  it('believes the first end of a life, and finds the one that ended last, whichever began last', () => {
    const ends = endLine('b', end('drained')) + endLine('a', end('bug')) + endLine('b', end('killed'));
    const { lives, lastEnded } = readLifeLog(started('a') + started('b') + ends);
    expect(lives.map(({ end: it }) => it?.kind)).toEqual(['bug', 'drained']);
    expect(lastEnded?.id).toBe('a');
  });

  it('believes the word of a life itself more than the guess of another that it was killed', () => {
    const { lives } = readLifeLog(started('a') + endLine('a', end('killed')) + endLine('a', end('healed')));
    expect(lives).toMatchObject([{ end: { kind: 'healed' } }]);
  });

  it('counts the lives that were ended to cure the node, within the time', () => {
    const kinds: LifeEndKind[] = ['healed', 'stalled', 'drained', 'bug', 'killed', 'unstarted'];
    const now = clock.wall();
    const text = kinds.map((kind) => started(kind) + endLine(kind, end(kind, now))).join('');
    const log = readLifeLog(text + started('old') + endLine('old', end('healed', now - 60_001)));
    expect(restartsWithin(log, 60_000, now)).toBe(2);
    expect(restartsWithin(log, 60_001, now)).toBe(3);
    // The clock was set back by a little, or by far.
    expect(restartsWithin(log, 60_000, now - 30_000)).toBe(3);
    expect(restartsWithin(log, 60_000, now - 3_600_000)).toBe(0);
  });

  it('is shortened to its newest lives and those that run, with the last end last', () => {
    const names = Array.from({ length: 21 }, (_, place) => `life${place}`);
    const text = names.map((id) => started(id)).join('');
    const ends = names
      .slice(1)
      .map((id, place) => endLine(id, end('drained', clock.wall() + (id === 'life15' ? 99 : place))));
    expect(shortened(readLifeLog(text.slice(0, text.indexOf('life20') - 9) + ends.join('')), 10)).toBeUndefined();
    const log = readLifeLog(text + ends.join(''));
    const short = readLifeLog(shortened(log, 10) ?? '');
    expect(short.lives.map(({ id }) => id)).toEqual(['life0', ...names.slice(11)]);
    expect(short.lives[1]).toEqual(log.lives[11]);
    expect(short.lastEnded?.id).toBe('life15');
  });

  it('keeps no endless reason', () => {
    const long = { ...end('bug'), cause: 'c'.repeat(5000), reason: 'r'.repeat(5000) };
    expect(endLine('a', long).length).toBeLessThan(1000);
  });
});
