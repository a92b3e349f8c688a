import { beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../kernel/clock.js';
import { type Circuits } from '../resilience/index.js';
import { StandInTargets } from './stand-in-targets.js';

type Ask = Parameters<Circuits['attachStandIns']>[0];
type View = Parameters<Ask>[0];

let standIn: (name: string, forMs?: number) => string | undefined;
let targets: StandInTargets;
let states: Record<string, string>;
beforeEach(() => {
  states = {};
  let tell: Ask = () => undefined;
  const circuits = {
    attachStandIns: (given: Ask) => {
      tell = given;
    },
    find: (name: string) => (states[name] === undefined ? undefined : { state: states[name] }),
  };
  targets = new StandInTargets(new ManualClock(), circuits as unknown as Circuits, (key) => key.startsWith('own'));
  standIn = (name, forMs = 1000) => tell({ name, forMs } as View);
});

it('is the model that answers instead, or the key where the model is the same', () => {
  expect(standIn('pro@own1')).toBeUndefined();
  targets.answered('pro', { model: 'flash', key: 'own1' });
  expect(standIn('pro@own1')).toBe('flash');
  targets.answered('pro', { model: 'pro', key: 'own2' });
  expect(standIn('pro@own1')).toBe('key own2');
  expect(standIn('flash@own1')).toBeUndefined();
});

it('is nobody while the target itself was the last to answer, or who answered is failing too', () => {
  targets.answered('pro', { model: 'pro', key: 'own1' });
  expect(standIn('pro@own1')).toBeUndefined();
  targets.answered('pro', { model: 'flash', key: 'own1' });
  for (const state of ['open', 'half_open', 'isolated']) {
    states['flash@own1'] = state;
    expect(standIn('pro@own1')).toBeUndefined();
  }
  states['flash@own1'] = 'closed';
  expect(standIn('pro@own1')).toBe('flash');
});

it('of one client is none for another, whose key it could not use', () => {
  targets.answered('pro', { model: 'pro', key: 'client-a' });
  expect(standIn('pro@client-b')).toBeUndefined();
  targets.answered('pro', { model: 'flash', key: 'client-b' });
  expect([standIn('pro@client-b'), standIn('pro@client-a')]).toEqual(['flash', undefined]);
});

it('is found by the part of a long name that circuits have', () => {
  const long = 'm'.repeat(150);
  targets.answered(long, { model: 'flash', key: 'own1' });
  expect(standIn(`${'m'.repeat(100)}@own1`)).toBe('flash');
});
