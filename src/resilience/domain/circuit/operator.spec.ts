import { expect, it } from 'vitest';
import { testCircuit } from './test-circuit.js';

const MINUTE = 60_000;

it('isolates and releases whatever the state, and a live probe has no say', () => {
  const { circuit, clock, admit, reject, fail } = testCircuit();
  fail(5);
  clock.advance(MINUTE);
  const probe = admit();
  expect(circuit.isolate('maintenance')).toBe(true);
  expect(circuit.isolate()).toBe(false);
  probe.failure();
  clock.advance(100 * MINUTE);
  expect(reject()).toMatchObject({ state: 'isolated', remainingMs: undefined, cause: { cause: 'maintenance' } });
  expect(circuit.release()).toBe(true);
  expect(circuit.release()).toBe(false);
  expect(circuit.view()).toMatchObject({ state: 'open', remainingMs: 0 });
  expect(admit().probe).toBe(true);
});

it('does not shorten a wait by isolating', () => {
  const { circuit, clock, reject, fail } = testCircuit();
  fail(5);
  circuit.isolate();
  clock.advance(10_000);
  circuit.release();
  expect(reject().remainingMs).toBe(50_000);
  expect(circuit.view().forMs).toBe(10_000);
});

it('resets an open circuit, its counts and its growth, and a live probe has no say', () => {
  const { circuit, clock, admit, fail } = testCircuit();
  fail(5);
  clock.advance(MINUTE);
  admit().failure();
  clock.advance(2 * MINUTE);
  const probe = admit();
  circuit.reset();
  probe.failure();
  expect(circuit.view()).toMatchObject({ state: 'closed', counts: { failures: 0 } });
  const before = admit();
  fail(4);
  circuit.reset();
  before.failure();
  expect(circuit.view().counts.failures).toBe(0);
  fail(5);
  expect(circuit.view().openMs).toBe(MINUTE);
});

it('keeps isolation through a reset, but not what lay under it', () => {
  const { circuit, fail } = testCircuit();
  fail(5);
  circuit.isolate();
  circuit.reset();
  expect(circuit.state).toBe('isolated');
  circuit.release();
  expect(circuit.state).toBe('closed');
});

it('disables it, whatever fails, and enables it with nothing counted', () => {
  const { circuit, clock, admit, fail } = testCircuit();
  fail(5);
  clock.advance(MINUTE);
  const probe = admit();
  circuit.disable();
  probe.failure();
  fail(100);
  const late = admit();
  circuit.reset();
  expect(circuit.state).toBe('disabled');
  circuit.enable();
  late.failure();
  expect(circuit.view()).toMatchObject({ state: 'closed', counts: { calls: 0 } });
  circuit.disable();
  circuit.isolate();
  circuit.release();
  expect(circuit.state).toBe('disabled');
  circuit.isolate();
  circuit.enable();
  circuit.release();
  expect(circuit.state).toBe('closed');
});
