import { type Clock } from '../../../kernel/clock.js';
import { PoolMember } from './pool-member.js';
import { type QuotaVerdict } from './quota-verdict.js';
import { ResourceKeys } from './resource-keys.js';
import { type Rest, RestBook } from './rest-book.js';
import { readResources, readRests } from './saved-quota.js';

/** A key as the pool knows it: by a short hash, never by itself. */
export interface PoolKey {
  readonly id: string;
  /** Keys of one project share its quotas and its files; a key without one is a project of its own. */
  readonly project?: string | undefined;
}

/** What outlives a restart. Bad keys do not: the new process asks them again. */
export interface KeyPoolState {
  readonly rests: readonly Rest[];
  readonly resources: readonly (readonly [resource: string, key: string])[];
}

/** A key to use now; `release` gives its place back, once. */
export interface KeyLease {
  readonly id: string;
  release(): void;
}

/** How long a key that is refused is out, ms: what people mend is tried again by itself, at the price of one attempt. */
const OUT_MS = 600_000;

/**
 * The node's own keys: who is ready for a model, who rests, who is of no use. Chooses the least loaded project, in it
 * the least loaded key, and among equals the one used longest ago.
 */
export class KeyPool {
  readonly #members = new Map<string, PoolMember>();
  readonly #rests: RestBook;
  readonly #resources = new ResourceKeys();
  /** How many projects the keys belong to. */
  readonly projects: number;
  #turn = 0;

  /**
   * @param random uniform random numbers, 0 <= x < 1
   * @param outMs how long a bad key is out, ms
   */
  constructor(keys: readonly PoolKey[], clock: Clock, random: () => number, outMs = OUT_MS) {
    this.#rests = new RestBook(clock, random);
    for (const { id, project } of keys) {
      const owner = project === undefined ? `key:${id}` : `project:${project}`;
      this.#members.set(id, new PoolMember(id, owner, clock, outMs));
    }
    this.projects = new Set([...this.#members.values()].map((member) => member.project)).size;
  }

  /** Keys in the pool, bad ones included. */
  get size(): number {
    return this.#members.size;
  }

  /** Whether a key is not out. */
  get anyGood(): boolean {
    for (const { out } of this.#members.values()) if (!out) return true;
    return false;
  }

  /** Resources whose key is known. */
  get bound(): number {
    return this.#resources.size;
  }

  /** Whether the key of a resource is known. */
  isBound(resource: string): boolean {
    return this.#resources.has(resource);
  }

  /**
   * Ids of the keys for a model (and a resource), ready ones first, the best one first. Bad keys are left out; when
   * all are bad, one of them is offered all the same, so that callers see Google's own word and a mended key is noticed.
   */
  ranked(model: string, resource?: string): string[] {
    const bound = resource === undefined ? undefined : this.#members.get(this.#resources.keyOf(resource) ?? '');
    return this.#rank(model, bound?.project);
  }

  /**
   * The same for what the upstream keeps (files, caches, lists of them) where it is not known whose it is: the keys of
   * one project, the first one given that has a good key that does not rest. What is kept together can be used together.
   */
  rankedAtHome(model: string): string[] {
    const members = [...this.#members.values()];
    const good = members.filter(({ out }) => !out);
    const ready = good.filter((member) => this.#restOf(member, model) === 0);
    const homes = new Set((ready.length > 0 ? ready : good).map(({ project }) => project));
    const home = members.find(({ project }) => homes.has(project));
    return this.#rank(model, home?.project);
  }

  /** Takes the best key that is ready for a model (and a resource); undefined when none is. */
  choose(model: string, resource?: string): KeyLease | undefined {
    const id = this.ranked(model, resource)[0];
    return id === undefined || this.restMs(id, model) > 0 ? undefined : this.take(id);
  }

  /** Takes a place at a key, ready or not. */
  take(id: string): KeyLease {
    const member = this.#members.get(id);
    member?.take(++this.#turn);
    let held = member;
    return {
      id,
      release() {
        if (held !== undefined) held.inFlight--;
        held = undefined;
      },
    };
  }

  /** How long a key rests for a model, ms: 0 is ready. A bad key is `ranked` only where nothing else is, and ready then. */
  restMs(id: string, model: string): number {
    const member = this.#members.get(id);
    return member === undefined ? 0 : this.#restOf(member, model);
  }

  /** Time until the first key is ready for a model (and a resource), ms; 0 when one is, undefined without any key. */
  soonest(model: string, resource?: string): number | undefined {
    const id = this.ranked(model, resource)[0];
    return id === undefined ? undefined : this.restMs(id, model);
  }

  /** Lays a key's quota to rest after a 429 to an attempt begun at `began` (monotonic ms); the ms it now rests. */
  refused(id: string, model: string, verdict: QuotaVerdict, began: number): number {
    const member = this.#members.get(id);
    if (member === undefined) return 0;
    const owner = verdict.scope === 'key' ? `key:${id}` : member.project;
    // The quota of an alias such as `flash-latest` is that of the model it stands for.
    if (verdict.model !== undefined && verdict.model !== model) this.#rests.rest(owner, verdict.model, verdict, began);
    return this.#rests.rest(owner, model, verdict, began);
  }

  /** Takes in an answer to an attempt begun at `began` (monotonic ms): the key is good, and its quota was not used up. */
  answered(id: string, model: string, began: number): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    member.readmit();
    this.#rests.answered(member.project, model, began);
    this.#rests.answered(`key:${id}`, model, began);
  }

  /** Takes a bad key out for a while, or until it is readmitted; false when it was known to be bad. */
  putOut(id: string, fault: string): boolean {
    return this.#members.get(id)?.putOut(fault) ?? false;
  }

  /** Remembers that a resource, such as `files/abc`, belongs to a key. */
  bind(resource: string, id: string): void {
    if (this.#members.has(id)) this.#resources.bind(resource, id);
  }

  /** Forgets a resource that was deleted. */
  unbind(resource: string): void {
    this.#resources.forget(resource);
  }

  /** Ends all rests and readmits all keys, as a heal does; how many of them there were. */
  clear(): number {
    const bad = [...this.#members.values()].filter(({ fault }) => fault !== undefined);
    for (const member of bad) member.readmit();
    return bad.length + this.#rests.clear();
  }

  /** The keys as operators see them; rests are told with their owner, `project:name` or `key:id`. */
  describe(): { keys: { id: string; project: string; inFlight: number; fault: string | undefined }[]; rests: Rest[] } {
    const keys = [...this.#members.values()].map(({ id, project, inFlight, fault }) => ({
      id,
      project,
      inFlight,
      fault,
    }));
    return { keys, rests: this.#rests.list() };
  }

  /** What to store: plain JSON, the same while nothing has changed. */
  save(): KeyPoolState {
    return { rests: this.#rests.list(), resources: this.#resources.list() };
  }

  /** Takes up what was stored, or a part of it; what belongs to keys that are no more is left, and so is what is no state. */
  restore({ rests, resources }: { readonly rests?: unknown; readonly resources?: unknown }): void {
    const owners = new Set([...this.#members.values()].flatMap(({ id, project }) => [project, `key:${id}`]));
    this.#rests.restore(readRests(rests).filter(({ owner }) => owners.has(owner)));
    for (const [resource, id] of readResources(resources)) this.bind(resource, id);
  }

  #rank(model: string, owner: string | undefined): string[] {
    const members = this.#eligible(owner);
    const loads = new Map<string, { inFlight: number; turn: number }>();
    for (const { project, inFlight, turn } of this.#members.values()) {
      const load = loads.get(project) ?? { inFlight: 0, turn: 0 };
      loads.set(project, { inFlight: load.inFlight + inFlight, turn: Math.max(load.turn, turn) });
    }
    const orders = new Map(
      members.map((member) => {
        const load = loads.get(member.project) ?? member;
        const rest = this.#restOf(member, model);
        return [member, [rest, load.inFlight, member.inFlight, load.turn, member.turn]] as const;
      }),
    );
    return members.sort((a, b) => compare(orders.get(a), orders.get(b))).map(({ id }) => id);
  }

  /** The good keys of a project, or of all; one of the bad ones where there is no good one. */
  #eligible(owner: string | undefined): PoolMember[] {
    const all = [...this.#members.values()].filter(({ project }) => owner === undefined || project === owner);
    const good = all.filter(({ out }) => !out);
    if (good.length > 0) return good;
    return all.sort((a, b) => a.turn - b.turn).slice(0, 1);
  }

  #restOf({ id, project }: PoolMember, model: string): number {
    return Math.max(this.#rests.restMs(project, model), this.#rests.restMs(`key:${id}`, model));
  }
}

/** Orders by the first number that differs. */
function compare(one: readonly number[] = [], other: readonly number[] = []): number {
  for (const [at, value] of one.entries()) {
    const difference = value - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
