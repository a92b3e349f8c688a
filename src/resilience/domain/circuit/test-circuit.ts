import { ManualClock } from '../../../kernel/clock.js';
import { circuitOptions, type CircuitOptions } from './circuit-options.js';
import { Circuit } from './circuit.js';
import { type Permit } from './permit.js';
import { type Rejection } from './refusal.js';

/** A circuit on a manual clock, with the moves that the specs make again and again. */
export function testCircuit(options: Partial<CircuitOptions> = {}) {
  const clock = new ManualClock();
  const circuit = new Circuit('model/key', circuitOptions(options), clock);
  const admit = (): Permit => {
    const answer = circuit.tryAcquire();
    if (!answer.admitted) throw new Error(`rejected: ${answer.state}`);
    return answer;
  };
  const reject = (): Rejection => {
    const answer = circuit.tryAcquire();
    if (answer.admitted) throw new Error('admitted');
    return answer;
  };
  const fail = (times: number, cause = 'http_503'): void => {
    for (let i = 0; i < times; i++) admit().failure(cause);
  };
  return { clock, circuit, admit, reject, fail };
}
