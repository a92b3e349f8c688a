import { expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { circuitOptions } from './circuit-options.js';
import { type CircuitTransition } from './circuit-state.js';
import { Circuit } from './circuit.js';
import { TransitionChannel } from './transition-channel.js';

function setUp() {
  const clock = new ManualClock();
  const errors: unknown[] = [];
  const channel = new TransitionChannel((error) => errors.push(error));
  const circuit = new Circuit('t', circuitOptions(), clock, channel);
  const heard: string[] = [];
  const hear = ({ from, to }: CircuitTransition): void => {
    heard.push(`${from} to ${to}`);
  };
  const call = (verdict: 'success' | 'failure' = 'failure'): void => {
    const permit = circuit.tryAcquire();
    if (permit.admitted) permit[verdict]();
  };
  const trip = (): void => {
    for (let i = 0; i < 5; i++) call();
  };
  return { clock, errors, channel, circuit, heard, hear, call, trip };
}

it('tells each transition once, and marks each opening', () => {
  const { clock, channel, circuit, heard, hear, call, trip } = setUp();
  let openings = 0;
  channel.subscribe(hear);
  channel.subscribe(({ opening }) => (openings += Number(opening)));
  trip();
  for (let i = 0; i < 100; i++) circuit.tryAcquire();
  clock.advance(60_000);
  call();
  clock.advance(120_000);
  circuit.isolate();
  circuit.release();
  call('success');
  expect(heard).toEqual([
    'closed to open',
    'open to half_open',
    'half_open to open',
    'open to isolated',
    'isolated to open',
    'open to half_open',
    'half_open to closed',
  ]);
  expect(openings).toBe(2);
  expect(circuit.view().totals.opened).toBe(2);
});

it('lets no listener that throws or rejects break a call, nor one that is told of it', async () => {
  const { channel, circuit, errors, heard, hear, trip } = setUp();
  channel.subscribe(() => {
    throw new Error('thrown');
  });
  channel.subscribe(() => Promise.reject(new Error('rejected')));
  channel.subscribe(hear);
  trip();
  await Promise.resolve();
  expect(circuit.state).toBe('open');
  expect(heard).toEqual(['closed to open']);
  expect(errors.map(String)).toEqual(['Error: thrown', 'Error: rejected']);

  const worse = new TransitionChannel(() => {
    throw new Error('again');
  });
  worse.subscribe(() => {
    throw new Error('thrown');
  });
  expect(() => {
    new Circuit('t', circuitOptions(), new ManualClock(), worse).isolate();
  }).not.toThrow();
});

it('stands a listener that calls the circuit, and tells everyone in order', () => {
  const { clock, channel, circuit, heard, hear, trip } = setUp();
  channel.subscribe(({ to }) => {
    if (to === 'open') circuit.reset();
  });
  channel.subscribe(hear);
  trip();
  expect(circuit.state).toBe('closed');
  expect(heard).toEqual(['closed to open', 'open to closed']);
  clock.advance(1000);
  expect(circuit.view().totals.opened).toBe(1);
});

it('gives the place of the probe to the call that found the circuit ready, not to a listener', () => {
  const { clock, channel, circuit, trip } = setUp();
  const answers: boolean[] = [];
  channel.subscribe(({ to }) => {
    if (to === 'half_open') answers.push(circuit.tryAcquire().admitted);
  });
  trip();
  clock.advance(60_000);
  expect(circuit.tryAcquire().admitted).toBe(true);
  expect(answers).toEqual([false]);
});

it('takes no verdict from the probe whose listener reset the circuit', () => {
  const { clock, channel, circuit, trip } = setUp();
  channel.subscribe(({ to }) => {
    if (to === 'half_open') circuit.reset();
  });
  trip();
  clock.advance(60_000);
  const permit = circuit.tryAcquire();
  expect(circuit.state).toBe('closed');
  if (permit.admitted) permit.failure();
  expect(circuit.view()).toMatchObject({ state: 'closed', counts: { failures: 0 } });
});

it('ends a listener that never rests', () => {
  const { channel, circuit, errors, heard, hear } = setUp();
  channel.subscribe(({ to }) => (to === 'isolated' ? circuit.release() : circuit.isolate()));
  const leave = channel.subscribe(hear);
  circuit.isolate();
  expect(heard.length).toBeLessThanOrEqual(64);
  expect(String(errors[0])).toMatch('more than 64');
  leave();
  circuit.disable();
  expect(heard.length).toBeLessThanOrEqual(64);
});
