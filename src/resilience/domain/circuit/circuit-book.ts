import { type Clock } from '../../../kernel/clock.js';
import { circuitOptions, type CircuitOptions } from './circuit-options.js';
import { Circuit } from './circuit.js';
import { type CircuitStateName } from './circuit-state.js';
import { type CircuitView, worstFirst } from './circuit-view.js';
import { type SavedCircuit } from './saved-circuit.js';
import { isForgotten, isHeld, isSaved, saysTheSame } from './saved-facts.js';
import { TransitionChannel, type TransitionListener } from './transition-channel.js';

/** How a book is kept. */
export interface BookOptions {
  /** What its circuits are like, as far as it is not the default. */
  readonly circuit?: Partial<CircuitOptions>;
  /** Most circuits that are kept, 1,000 by default. */
  readonly limit?: number;
  /** Told of what listeners throw. */
  readonly onError?: (error: unknown) => void;
}

interface Entry {
  readonly circuit: Circuit;
  /** Number of the last look-up that found it. */
  used: number;
  /** As it was last saved, while that is still true. */
  saved?: SavedCircuit;
}

/** What of a circuit would be lost with it, least first. What an operator decided is never let go. */
const WORTH: Readonly<Record<CircuitStateName, number>> = {
  closed: 0,
  half_open: 1,
  open: 1,
  isolated: Number.POSITIVE_INFINITY,
  disabled: Number.POSITIVE_INFINITY,
};

const DEFAULT_LIMIT = 1000;

/**
 * The circuits of all targets by name. Names may come from callers, so their number is
 * bounded: a new one takes the place of the least recently used one that is closed, and
 * only when there is none, of one that is open.
 */
export class CircuitBook {
  readonly #entries = new Map<string, Entry>();
  readonly #options: CircuitOptions;
  readonly #limit: number;
  readonly #channel: TransitionChannel;
  #lookUps = 0;

  /** Throws RangeError for options that cannot work. */
  constructor(
    private readonly clock: Clock,
    { circuit, limit = DEFAULT_LIMIT, onError }: BookOptions = {},
  ) {
    if (!(Number.isInteger(limit) && limit >= 1)) throw new RangeError(`limit must be a whole number from 1: ${limit}`);
    this.#options = circuitOptions(circuit);
    this.#limit = limit;
    this.#channel = new TransitionChannel(onError);
  }

  /** Circuits that are kept. */
  get size(): number {
    return this.#entries.size;
  }

  /** Adds a listener to the transitions of all circuits; returns the function that removes it. */
  subscribe(listener: TransitionListener): () => void {
    return this.#channel.subscribe(listener);
  }

  /** The circuit of a target, made when it is new. It is not kept when all others are held by an operator. */
  get(name: string): Circuit {
    const known = this.#entries.get(name);
    if (known !== undefined) {
      known.used = ++this.#lookUps;
      return known.circuit;
    }
    const circuit = new Circuit(name, this.#options, this.clock, this.#channel);
    if (this.#makeRoom()) this.#entries.set(name, { circuit, used: ++this.#lookUps });
    return circuit;
  }

  /** The circuit of a target, if it is known. */
  find(name: string): Circuit | undefined {
    return this.#entries.get(name)?.circuit;
  }

  /** Resets every circuit; returns how many were open or half open. What operators hold stays held. */
  reset(): number {
    let opened = 0;
    for (const { circuit } of this.#entries.values()) {
      if (circuit.state === 'open' || circuit.state === 'half_open') opened++;
      circuit.reset();
    }
    return opened;
  }

  /** Lets the next call be the probe of every circuit that is open. */
  expedite(): void {
    for (const { circuit } of this.#entries.values()) circuit.expedite();
  }

  /** All circuits as they are shown: worst state first, then by name. */
  views(): CircuitView[] {
    return Array.from(this.#entries.values(), ({ circuit }) => circuit.view()).sort(worstFirst);
  }

  /**
   * What is to outlive a restart, by name; circuits with nothing to remember are left out. A circuit that has not
   * changed is saved in the very same words, so that who stores them can tell.
   */
  save(): Record<string, SavedCircuit> {
    const wall = this.clock.wall();
    const kept: [string, SavedCircuit][] = [];
    for (const [name, entry] of this.#entries) {
      const fresh = entry.circuit.save();
      if (entry.saved === undefined || !saysTheSame(entry.saved, fresh)) entry.saved = fresh;
      if (!isForgotten(entry.saved, wall, this.#options)) kept.push([name, entry.saved]);
    }
    return Object.fromEntries(kept);
  }

  /**
   * Takes up what was saved of the circuits that are wanted; `held` are those an operator has isolated or disabled.
   * Returns how many were taken up. Never throws.
   */
  restore(stored: unknown, wanted: (name: string, held: boolean) => boolean = () => true): number {
    if (typeof stored !== 'object' || stored === null) return 0;
    const wall = this.clock.wall();
    let restored = 0;
    for (const [name, saved] of Object.entries(stored)) {
      if (!isSaved(saved) || isForgotten(saved, wall, this.#options) || !wanted(name, isHeld(saved))) continue;
      if (!this.get(name).restore(saved)) continue;
      const entry = this.#entries.get(name);
      if (entry !== undefined) entry.saved = saved;
      restored++;
    }
    return restored;
  }

  #makeRoom(): boolean {
    if (this.#entries.size < this.#limit) return true;
    let least: [name: string, worth: number, used: number] | undefined;
    for (const [name, { circuit, used }] of this.#entries) {
      const worth = WORTH[circuit.state];
      if (worth === Number.POSITIVE_INFINITY) continue;
      if (least === undefined || worth < least[1] || (worth === least[1] && used < least[2]))
        least = [name, worth, used];
    }
    if (least === undefined) return false;
    return this.#entries.delete(least[0]);
  }
}
