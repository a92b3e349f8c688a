import { expect, it } from 'vitest';
import { keysShown } from './key-shown.js';
import { type KeyStates } from './key-trouble.js';

const WALL = Date.parse('2026-01-01T12:00:00Z');
const rest = (owner: string, model: string, inSeconds: number): KeyStates['rests'][number] => ({
  owner,
  model,
  kind: 'per_minute',
  until: WALL + inSeconds * 1000,
  lastsMs: 60_000,
});
const key = (id: string, project: string, fault?: string): KeyStates['keys'][number] => ({
  id,
  project,
  inFlight: 1,
  fault,
});

it('tells of each key whether it is ready, rests or is refused, and for what and how long it rests', () => {
  const keys = [key('aaaa', 'project:one'), key('bbbb', 'key:bbbb'), key('cccc', 'key:cccc', 'it is not valid')];
  const rests = [rest('project:one', 'm', 17.2), rest('key:aaaa', 'n', 40)];
  const shown = keysShown({ keys, rests }, WALL);
  expect(shown.map(({ id, state, project, fault }) => [id, state, project, fault])).toEqual([
    ['aaaa', 'resting', 'one', null],
    ['bbbb', 'ready', null, null],
    ['cccc', 'refused', null, 'it is not valid'],
  ]);
  expect(shown[0]?.rests.map(({ model, remaining_seconds: left }) => [model, left])).toEqual([
    ['n', 40],
    ['m', 18],
  ]);
});

it('shows no more rests of a key than can be read, those that last', () => {
  const rests = Array.from({ length: 500 }, (_, n) => rest('key:a', `m${n}`, n + 1));
  const [shown] = keysShown({ keys: [key('a', 'key:a')], rests }, WALL);
  expect(shown?.rests).toHaveLength(20);
  expect(shown?.rests[0]?.model).toBe('m499');
});
