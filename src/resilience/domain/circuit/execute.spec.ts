import { expect, it, vi } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { circuitOptions } from './circuit-options.js';
import { Circuit } from './circuit.js';
import { execute, type Verdict } from './execute.js';

const clock = new ManualClock();
const newCircuit = (): Circuit => new Circuit('t', circuitOptions(), clock);
const rejected = (): string => 'elsewhere';
const fault = new TypeError('down');
const fails = (): Promise<string> => Promise.reject(fault);

it('passes results and errors on and counts them', async () => {
  const circuit = newCircuit();
  await expect(execute(circuit, () => 'now', { rejected })).resolves.toBe('now');
  for (let i = 0; i < 5; i++) await expect(execute(circuit, fails, { rejected })).rejects.toBe(fault);
  expect(circuit.view()).toMatchObject({ state: 'open', reason: { cause: 'TypeError' } });
});

it('never starts a call while the circuit is open', async () => {
  const circuit = newCircuit();
  circuit.isolate();
  const call = vi.fn(fails);
  await expect(execute(circuit, call, { rejected })).resolves.toBe('elsewhere');
  expect(call).not.toHaveBeenCalled();
});

it('asks its judges', async () => {
  const circuit = newCircuit();
  const run = (verdict: Verdict): Promise<string> =>
    execute(circuit, () => 'x', { rejected, judgeResult: () => verdict });
  await run('success');
  await run('failure');
  await run('ignore');
  await expect(execute(circuit, fails, { rejected, judgeError: () => 'ignore' })).rejects.toBe(fault);
  expect(circuit.view().counts).toMatchObject({ calls: 2, failures: 1 });
});

it('is not wedged by a judge that throws, not even as the probe', async () => {
  const circuit = newCircuit();
  for (let i = 0; i < 5; i++) await expect(execute(circuit, fails, { rejected })).rejects.toBe(fault);
  clock.advance(60_000);
  const told: unknown[] = [];
  const judge = (): never => {
    throw new Error('broken judge');
  };
  const judgeFailed = (error: unknown): never => {
    told.push(error);
    throw new Error('broken too');
  };
  const broken = { rejected, judgeResult: judge, judgeError: judge, judgeFailed };
  await expect(execute(circuit, fails, broken)).rejects.toBe(fault);
  await expect(execute(circuit, () => 'x', broken)).resolves.toBe('x');
  expect(told).toHaveLength(2);
  expect(circuit.view()).toMatchObject({ state: 'half_open', probesInFlight: 0 });
  await execute(circuit, () => 'x', { rejected });
  expect(circuit.state).toBe('closed');
});
