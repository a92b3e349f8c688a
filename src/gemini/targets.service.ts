import { type IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { fullHash, SHORT_HASH_DIGITS } from '../platform/access.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { LOG, type Log } from '../platform/logging.js';
import { type SettingsOf } from '../platform/settings.js';
import { Circuits, RetryPolicy } from '../resilience/index.js';
import { type Question } from './attempts-call.js';
import { type CredentialHeader, Credentials } from './credentials.js';
import { type AttemptVerdict } from './domain/failover/verdict.js';
import { ModelChains } from './domain/failover/model-chains.js';
import { type Availability, type Target } from './domain/failover/target.js';
import { TargetPlan } from './domain/failover/target-plan.js';
import { keyEntry } from './domain/quota/key-entry.js';
import { KeyPool, type KeyPoolState } from './domain/quota/key-pool.js';
import { collectionOf } from './domain/quota/resource-name.js';
import { type Route } from './domain/route.js';
import { geminiSettings } from './gemini.settings.js';
import { KeyMetrics } from './key.metrics.js';
import { ResourceBinding } from './resource-binding.js';
import { type AttemptListener } from './upstream-attempt.js';

/** Longest part of a model's name in the name of a circuit or a bulkhead; names may come from callers. */
export const MODEL_LIMIT = 100;
/** What the names of keys begin with that clients bring. */
const CLIENT = 'client-';

/** Who may answer a call: models and keys, their rests and circuits. */
@Injectable()
export class Targets {
  readonly #pool: KeyPool;
  readonly #binding: ResourceBinding;
  readonly #chains: ModelChains;
  readonly #secrets = new Map<string, string>();

  constructor(
    @Inject(geminiSettings.KEY) private readonly settings: SettingsOf<typeof geminiSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    private readonly credentials: Credentials,
    private readonly circuits: Circuits,
    private readonly policy: RetryPolicy,
    metrics: KeyMetrics,
  ) {
    const keys = settings.apiKeys.map((entry) => {
      const { secret, project } = keyEntry(entry);
      const id = shortHash(secret);
      this.#secrets.set(id, secret);
      return { id, project };
    });
    this.#pool = new KeyPool(keys, clock, Math.random, settings.badKeyMs);
    metrics.attach(() => this.keyStates());
    this.#binding = new ResourceBinding(this.#pool);
    this.#chains = ModelChains.parse(settings.fallbackModels);
  }

  /** Models to try when `model` fails, in order. */
  fallbacks(model: string): readonly string[] {
    return this.#chains.after(model);
  }

  /** The way of one call: at `most` so many attempts, `models` in order, with the node's own keys or the one the client brings. */
  plan<E>({ models, body }: Question, request: IncomingMessage, route: Route, most?: number): TargetPlan<E> {
    const { failoverPatienceMs, waitLimitMs } = this.policy.settings;
    const attempts = most ?? this.policy.settings.attempts;
    const limits = {
      attempts,
      strict: most !== undefined || attempts === 1,
      patienceMs: failoverPatienceMs,
      waitLimitMs,
    };
    const resource = this.#binding.named(route, body);
    return new TargetPlan<E>(this.clock, models, this.#availability(request, route, resource), limits);
  }

  /** The target of a call that is sent once: its collection stands for a model it does not name, an empty key for the client's. */
  single(route: Route, body: Buffer | undefined): Target {
    const model = route.model ?? collectionOf(route.target);
    const resource = this.#binding.named(route, body);
    const keys = resource === undefined ? this.#pool.rankedAtHome(model) : this.#pool.ranked(model, resource);
    return { model, key: keys[0] ?? '' };
  }

  /** Whether a call that passes through is to have its body read first, if that is within `limit` bytes. */
  wantsBody(request: IncomingMessage, route: Route, limit: number): boolean {
    return this.#binding.wantsBody(request, route, limit);
  }

  /** Whether anything looks into the answer to a call, so that it must not come compressed. */
  inspects(request: IncomingMessage, route: Route): boolean {
    return route.kind !== 'passthrough' || this.#binding.listens(request, route);
  }

  /** A listener that learns from an answer whose the resources are that it tells of. */
  tap(listener: AttemptListener, { key }: Target, request: IncomingMessage, route: Route): AttemptListener {
    return this.#binding.listens(request, route) ? this.#binding.tap(listener, key, request, route) : listener;
  }

  /** The header with the best of the node's own keys; undefined when it has none. */
  ownCredential(): CredentialHeader | undefined {
    const secret = this.#secrets.get(this.#pool.ranked('')[0] ?? '');
    return secret === undefined ? undefined : this.credentials.header('gemini', secret);
  }

  /** The header that carries the key of a target; of a client's own key, the client's header. */
  credential(target: Target, request: IncomingMessage, route: Route): CredentialHeader | undefined {
    const secret = this.#secrets.get(target.key);
    return secret === undefined
      ? this.credentials.ofClient(request, route)
      : this.credentials.header(route.surface, secret);
  }

  /** Asks the circuit of a target to let a call begin. */
  acquire(target: Target): ReturnType<ReturnType<Circuits['get']>['tryAcquire']> {
    return this.circuits.get(circuitName(target)).tryAcquire();
  }

  /** The first word of an answer of a target came after `ms`. */
  spoke(target: Target, ms: number): void {
    this.circuits.spoke(circuitName(target), ms);
  }

  /** Whether a call to these models has more than one target. */
  several(models: readonly string[]): boolean {
    return models.length > 1 || this.#pool.size > 1;
  }

  /** Takes a place at the key of a target; call the result when the attempt is over. */
  lease(target: Target): () => void {
    const lease = this.#pool.take(target.key);
    return () => {
      lease.release();
    };
  }

  /** Takes in what an attempt begun at `began` (monotonic ms) says of the key it used. */
  learn(target: Target, verdict: AttemptVerdict, began: number): void {
    this.circuits.ended(circuitName(target), markOf(verdict));
    // The quota of a key that a client brings is the client's own: every call hears of it from Gemini itself.
    if (!this.#secrets.has(target.key)) return;
    const { cause, quota, keyFault } = verdict;
    if (cause === 'answered') this.#pool.answered(target.key, target.model, began);
    if (keyFault !== undefined && this.#pool.putOut(target.key, keyFault)) {
      const fields = { event: 'key_resting', key: target.key, kind: 'refused', reason: keyFault };
      this.log.warn({ ...fields, rest_ms: this.settings.badKeyMs }, 'a key is refused: it rests for every model');
    }
    if (quota === undefined || quota.kind === 'capacity') return;
    const restMs = this.#pool.refused(target.key, target.model, quota, began);
    const fields = {
      event: 'key_resting',
      key: target.key,
      model: target.model,
      kind: quota.kind,
      rest_ms: Math.round(restMs),
    };
    this.log.warn(fields, 'a quota is used up: the key rests for this model');
  }

  /** Ends all rests and readmits bad keys; returns how many there were. */
  clearRests(): number {
    return this.#pool.clear();
  }

  /** The node's own keys, by their short hash, and the quotas that rest. */
  keyStates(): ReturnType<KeyPool['describe']> {
    return this.#pool.describe();
  }

  /** Rests and bad keys now. */
  get troubled(): number {
    const { keys, rests } = this.keyStates();
    return rests.length + keys.filter(({ fault }) => fault !== undefined).length;
  }

  /** What is to outlive a restart of keys and their quotas; keys by their short hash. */
  saveKeys(): KeyPoolState {
    return this.#pool.save();
  }

  /** Takes up what an earlier life has saved, or a part of it; what belongs to keys that are no more is left. */
  restoreKeys(stored: Parameters<KeyPool['restore']>[0]): void {
    this.#pool.restore(stored);
  }

  /** Whether a circuit is that of a key in use: one of the node's own or, where it has none, a client's. */
  inUse(circuit: string): boolean {
    const key = circuit.slice(circuit.lastIndexOf('@') + 1);
    return this.#pool.size > 0 ? this.#secrets.has(key) : key.startsWith(CLIENT);
  }

  #availability(request: IncomingMessage, route: Route, resource: string | undefined): Availability {
    const own = this.#pool.size > 0;
    // Where every key is bad, a call hears Google's own word of one of them, and does not ask them all.
    let fixed = own ? undefined : [CLIENT + this.credentials.clientId(request, route)];
    /** Circuits that have turned this call away: however often it looks, each counts it once. */
    const refusedBy: string[] = [];
    const allBad = own && !this.#pool.anyGood;
    return {
      keys: (model) => {
        if (fixed !== undefined) return fixed;
        const ranked = this.#pool.ranked(model, resource);
        if (allBad) fixed = ranked;
        return ranked;
      },
      restMs: ({ key, model }) => (own ? this.#pool.restMs(key, model) : 0),
      openMs: (target) => {
        const circuit = this.circuits.find(circuitName(target));
        if (circuit === undefined) return 0;
        const refusal = circuit.refusal(!refusedBy.includes(circuit.name));
        if (refusal === undefined) return 0;
        refusedBy.push(circuit.name);
        return refusal.remainingMs ?? Number.POSITIVE_INFINITY;
      },
      openCause: (target) => refusalWords(this.circuits.find(circuitName(target))?.refusal()),
    };
  }
}

function circuitName({ model, key }: Target): string {
  return `${model.slice(0, MODEL_LIMIT)}@${key}`;
}

/** What the record of a target says of an attempt: the mistakes of callers, and those who left, say nothing of it. */
function markOf({ cause, circuit, quota }: AttemptVerdict): Parameters<Circuits['ended']>[1] {
  if (cause === 'answered') return 'answered';
  if (circuit === 'failure') return 'failure';
  return quota === undefined ? 'neutral' : 'refusal';
}

/** Why a circuit refuses, as callers may read it: what an operator wrote is not for them. */
function refusalWords(refusal: ReturnType<ReturnType<Circuits['get']>['refusal']>): string | undefined {
  if (refusal === undefined) return undefined;
  const { rule, cause } = refusal.cause;
  if (rule === 'operator') return 'an operator of the node holds it back';
  return `${rule.replaceAll('_', ' ')}${cause === undefined ? '' : `, the last one with ${cause}`}`;
}

function shortHash(secret: string): string {
  return fullHash(secret).slice(0, SHORT_HASH_DIGITS);
}
