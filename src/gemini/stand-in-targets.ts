import { type Clock } from '../kernel/clock.js';
import { type Circuits } from '../resilience/index.js';
import { circuitName, MODEL_LIMIT } from './circuit-name.js';
import { StandIns } from './domain/failover/stand-ins.js';
import { type Target } from './domain/failover/target.js';

/** Knows who answers instead of targets whose circuits are open, and lets those tell it. */
export class StandInTargets {
  readonly #answers: StandIns;

  /** @param isOwn whether a key is one of the node's own */
  constructor(
    clock: Clock,
    private readonly circuits: Circuits,
    private readonly isOwn: (key: string) => boolean,
  ) {
    this.#answers = new StandIns(clock);
    circuits.attachStandIns(({ name, forMs }) => this.#of(name, forMs));
  }

  /** A target has answered a call for a model. */
  answered(asked: string, target: Target): void {
    this.#answers.answered(this.#question(asked, target.key), target);
  }

  /** Who has answered instead of a target since its circuit opened, so many ms ago, and can do so still. */
  #of(circuit: string, openForMs: number): string | undefined {
    const at = circuit.lastIndexOf('@');
    const [model, key] = [circuit.slice(0, at), circuit.slice(at + 1)];
    const other = this.#answers.of(this.#question(model, key), openForMs);
    if (other === undefined || circuitName(other) === circuit) return undefined;
    const { state = 'closed' } = this.circuits.find(circuitName(other)) ?? {};
    if (state !== 'closed' && state !== 'disabled') return undefined;
    const named = other.model.slice(0, MODEL_LIMIT);
    return named === model ? `key ${other.key}` : named;
  }

  /** What calls have in common that have the same targets: the model asked for and, where clients bring keys, the key. */
  #question(model: string, key: string): string {
    return this.isOwn(key) ? model.slice(0, MODEL_LIMIT) : circuitName({ model, key });
  }
}
