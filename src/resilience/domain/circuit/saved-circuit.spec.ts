import { expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { circuitOptions, type CircuitOptions } from './circuit-options.js';
import { Circuit } from './circuit.js';
import { TransitionChannel } from './transition-channel.js';

const SAVED_AT = Date.UTC(2026, 5, 1);

function circuitAt(wall: number, options: Partial<CircuitOptions> = {}) {
  const clock = new ManualClock(wall);
  const heard: string[] = [];
  const channel = new TransitionChannel();
  channel.subscribe(({ to }) => heard.push(to));
  const circuit = new Circuit('t', circuitOptions(options), clock, channel);
  const call = (verdict: 'success' | 'failure'): void => {
    const permit = circuit.tryAcquire();
    if (permit.admitted) permit[verdict]();
  };
  return { clock, circuit, heard, call };
}

/** A circuit that is 10 s into its 60 s; `savedAt` is when it is saved. */
function opened() {
  const parts = circuitAt(SAVED_AT - 10_000);
  for (let i = 0; i < 5; i++) parts.call('failure');
  parts.clock.advance(10_000);
  return parts;
}

function restart(saved: unknown, wall: number, options: Partial<CircuitOptions> = {}) {
  const parts = circuitAt(wall, options);
  expect(parts.circuit.restore(JSON.parse(JSON.stringify(saved)))).toBe(true);
  return parts;
}

it('is 10 s into a 60 s wait after a restart as it was before', () => {
  const { circuit, heard } = restart(opened().circuit.save(), SAVED_AT);
  expect(circuit.view()).toMatchObject({ state: 'open', remainingMs: 50_000, openMs: 60_000, forMs: 10_000 });
  expect(circuit.view().reason).toMatchObject({ rule: 'consecutive_failures', cause: 'failure' });
  expect(heard).toEqual([]);
});

it('counts the time of the restart itself', () => {
  const { circuit } = restart(opened().circuit.save(), SAVED_AT + 20_000);
  expect(circuit.view().remainingMs).toBe(30_000);
});

it('never waits longer than what remained when the clock was set back, nor skips into the past when far ahead', () => {
  const saved = opened().circuit.save();
  expect(restart(saved, 0).circuit.view().remainingMs).toBe(50_000);
  const ahead = restart(saved, SAVED_AT + 1e12);
  expect(ahead.circuit.view()).toMatchObject({ state: 'open', remainingMs: 0 });
  ahead.call('success');
  expect(ahead.circuit.state).toBe('closed');
});

it('waits no longer than the longest open time that is configured now', () => {
  const { circuit } = restart(opened().circuit.save(), SAVED_AT, { openMs: 1000, openMaxMs: 5000 });
  expect(circuit.view().remainingMs).toBe(5000);
});

it('tries again at once when it was half open', () => {
  const { circuit, clock, call } = opened();
  clock.advance(50_000);
  circuit.tryAcquire();
  const after = restart(circuit.save(), clock.wall());
  expect(after.circuit.view()).toMatchObject({ state: 'open', remainingMs: 0, openMs: 60_000 });
  call('failure');
  expect(circuit.state).toBe('half_open');
});

it('keeps isolation, and what lies under it', () => {
  const { circuit } = opened();
  circuit.isolate('maintenance');
  const after = restart(circuit.save(), SAVED_AT + 10_000);
  expect(after.circuit.view()).toMatchObject({ state: 'isolated', since: SAVED_AT, reason: { cause: 'maintenance' } });
  after.circuit.release();
  expect(after.circuit.view()).toMatchObject({ state: 'open', remainingMs: 40_000 });
});

it('keeps being disabled', () => {
  const { circuit } = opened();
  circuit.disable();
  expect(restart(circuit.save(), SAVED_AT).circuit.state).toBe('disabled');
});

it('keeps the growth', () => {
  const { circuit, clock, call } = opened();
  clock.advance(50_000);
  call('failure');
  const open = restart(circuit.save(), clock.wall());
  open.clock.advance(120_000);
  open.call('failure');
  expect(open.circuit.view().openMs).toBe(240_000);
  open.clock.advance(240_000);
  open.call('success');
  const closed = restart(open.circuit.save(), open.clock.wall());
  for (let i = 0; i < 5; i++) closed.call('failure');
  expect(closed.circuit.view().openMs).toBe(480_000);
  const healthy = restart(open.circuit.save(), open.clock.wall() + 120_000);
  for (let i = 0; i < 5; i++) healthy.call('failure');
  expect(healthy.circuit.view().openMs).toBe(60_000);
});

it('leaves a circuit as it is when the saved one cannot be read', () => {
  const good = opened().circuit.save();
  const open = { kind: 'open', openMs: 1, remainingMs: 1, reason: { rule: 'slow_rate', cause: null } };
  const broken: unknown[] = [
    undefined,
    null,
    'open',
    [],
    { ...good, version: 2 },
    { ...good, savedAt: 'now' },
    { ...good, since: -1 },
    { ...good, grownMs: Number.NaN },
    { ...good, ground: undefined },
    { ...good, ground: { kind: 'ajar' } },
    { ...good, ground: { kind: 'closed' } },
    { ...good, ground: { ...open, remainingMs: -5 } },
    { ...good, ground: { ...open, reason: { rule: 'boredom' } } },
    { ...good, isolation: 'yes' },
  ];
  for (const saved of broken) {
    const { circuit, call } = circuitAt(SAVED_AT);
    call('failure');
    expect(circuit.restore(saved), JSON.stringify(saved)).toBe(false);
    expect(circuit.view()).toMatchObject({ state: 'closed', counts: { failures: 1 } });
  }
});
