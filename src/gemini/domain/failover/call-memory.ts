import { type Availability, type Target, targetId } from './target.js';
import { type AttemptVerdict } from './verdict.js';

/** Causes after which a model comes last. */
const SILENT: ReadonlySet<string> = new Set(['silent', 'stalled']);

/**
 * What one call has learnt of its targets: which it has tried, which must wait, and which it does not ask again.
 * Quota and refusals belong to a key; faults of the servers belong to the model, since another key reaches the same
 * servers: their waits and tries count per model.
 */
export class CallMemory {
  readonly #triedTargets = new Map<string, number>();
  readonly #triedModels = new Map<string, number>();
  readonly #faultsOfModels = new Map<string, number>();
  readonly #targetNotBefore = new Map<string, number>();
  readonly #modelNotBefore = new Map<string, number>();
  readonly #leftTargets = new Set<string>();
  readonly #leftModels = new Set<string>();
  readonly #leftKeys = new Set<string>();
  readonly #silent = new Set<string>();
  #only: string | undefined;
  #leastTokens = 0;

  /** @param models the model asked for, then its fallbacks */
  constructor(
    private readonly models: readonly string[],
    private readonly availability: Availability,
  ) {}

  /** Counts an attempt that begins. */
  begun(target: Target): void {
    count(this.#triedTargets, targetId(target));
    count(this.#triedModels, target.model);
  }

  /** Takes back that an attempt began. */
  withdrawn(target: Target): void {
    count(this.#triedTargets, targetId(target), -1);
    count(this.#triedModels, target.model, -1);
  }

  /** Attempts begun at a target. */
  triesOf(target: Target): number {
    return this.#triedTargets.get(targetId(target)) ?? 0;
  }

  /** Attempts begun at a model, whatever the key. */
  triesOfModel(model: string): number {
    return this.#triedModels.get(model) ?? 0;
  }

  /** The target must not be asked again. */
  isLeft(target: Target): boolean {
    return this.#leftTargets.has(targetId(target));
  }

  /** How long to wait before the target may be asked, ms: by what this call has learnt and by the rest of its key. */
  waitMs(target: Target, now: number): number {
    const own = this.#targetNotBefore.get(targetId(target)) ?? now;
    const shared = this.#modelNotBefore.get(target.model) ?? now;
    return Math.max(0, own - now, shared - now, this.availability.restMs(target));
  }

  /** Every target of a model and key that are not given up: models as given (silent ones last), keys as preferred now. */
  targets(): Target[] {
    const usable = this.models.filter(
      (model) =>
        !this.#leftModels.has(model) &&
        (this.#only ?? model) === model &&
        (this.availability.inputLimit?.(model) ?? Infinity) >= this.#leastTokens,
    );
    const order = [...usable].sort((a, b) => Number(this.#silent.has(a)) - Number(this.#silent.has(b)));
    return order.flatMap((model) =>
      this.availability.keys(model).flatMap((key) => (this.#leftKeys.has(key) ? [] : { model, key })),
    );
  }

  /**
   * Takes in a failure; true when the same target may be tried again, after the wait the server asks for or `backoffMs`,
   * whichever is longer.
   */
  mayRepeat(target: Target, verdict: AttemptVerdict, { now, backoffMs }: { now: number; backoffMs: number }): boolean {
    if (SILENT.has(verdict.cause)) this.#silent.add(target.model);
    const own = verdict.cause === 'quota' || verdict.cause === 'key';
    if (!own) count(this.#faultsOfModels, target.model);
    const tries = own ? this.triesOf(target) : (this.#faultsOfModels.get(target.model) ?? 0);
    const again = verdict.retry === 'same' && tries < (verdict.max ?? Infinity);
    const notBefore = now + Math.max(verdict.waitMs ?? 0, again ? backoffMs : 0);
    if (own) this.#targetNotBefore.set(targetId(target), notBefore);
    else this.#modelNotBefore.set(target.model, notBefore);
    return again;
  }

  /** Gives up what the failure says is of no use: the target, its model or its key. */
  leave(target: Target, { cause, retry, keyFault, tokens }: AttemptVerdict): void {
    const { model, key } = target;
    if (cause === 'too_long') {
      this.#leftModels.add(model);
      const limit = this.availability.inputLimit?.(model) ?? 0;
      this.#leastTokens = Math.max(this.#leastTokens, tokens ?? limit + 1);
    } else if (cause === 'key' && keyFault !== undefined) {
      this.#leftKeys.add(key);
    } else if (cause === 'key') {
      this.#leftTargets.add(targetId(target));
      // What one key may not see, another may; another model would answer a question nobody asked.
      if (model === this.models[0]) this.#only = model;
    } else if (cause === 'client_error' || cause === 'crowded' || (cause !== 'quota' && retry === 'same')) {
      this.#leftModels.add(model);
    } else {
      this.#leftTargets.add(targetId(target));
    }
  }
}

function count(tries: Map<string, number>, name: string, by = 1): void {
  tries.set(name, (tries.get(name) ?? 0) + by);
}
