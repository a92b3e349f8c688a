import { type Clock } from '../../../kernel/clock.js';
import { type Pace } from './pace.js';

/** Priorities, the first served first and the last shed first. */
export const PRIORITIES = ['high', 'normal', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** The priority a caller names; what is none is normal. */
export function readPriority(named: unknown): Priority {
  return PRIORITIES.find((priority) => priority === named) ?? 'normal';
}

/** Of so many turns one goes to whoever has the least time left, so that the less important get on in a lasting crowd. */
const FAIR_TURN = 10;

/** Why something in the queue, or about to enter it, is turned away. */
export type ShedReason =
  /** The queue is full of what is at least as important. */
  | 'crowded'
  /** Its deadline passed while it waited. */
  | 'expired'
  /** At the pace of late its turn comes after its deadline. */
  | 'hopeless';

/** Who waits, and what to do with it. */
export interface Waiter {
  readonly priority: Priority;
  /** When waiting is of no more use, monotonic ms. */
  readonly deadline: number;
  /** It is its turn. */
  go(): void;
  /** It is turned away. */
  shed(why: ShedReason): void;
}

/**
 * A bounded queue: the most important first, but for every tenth turn; first come first served among equals. When it is full, the latest of the
 * least important makes room for what is more important. Whoever would wait in vain is told at once. It has no timer:
 * those whose deadline passes are turned away at the next `next` or `expire`.
 */
export class PriorityQueue {
  readonly #queues: Record<Priority, Waiter[]> = { high: [], normal: [], low: [] };
  #size = 0;
  #turns = 0;

  /**
   * @param limit most that may wait at once
   * @param pace how soon it is somebody's turn
   */
  constructor(
    private readonly clock: Clock,
    private readonly limit: number,
    private readonly pace: Pace,
  ) {}

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** Lets someone wait; false, after telling it why, when it is turned away at once. */
  add(waiter: Waiter): boolean {
    const now = this.clock.now();
    // While nobody waits there are no turns, and their absence means nothing.
    if (this.size === 0) this.pace.begin();
    if (waiter.deadline <= now + (this.pace.known ? this.waitMs(waiter.priority) : 0)) {
      waiter.shed(waiter.deadline <= now ? 'expired' : 'hopeless');
      return false;
    }
    if (this.size >= this.limit) this.expire();
    if (this.size >= this.limit && !this.#makeRoom(waiter.priority)) {
      waiter.shed('crowded');
      return false;
    }
    this.#queues[waiter.priority].push(waiter);
    this.#size++;
    return true;
  }

  /** Gives the next one its turn; false when nobody waits. */
  next(): boolean {
    this.expire();
    const waiter = this.#chosen();
    if (waiter === undefined) return false;
    this.#queues[waiter.priority].shift();
    this.#size--;
    waiter.go();
    return true;
  }

  /** Takes someone out who waits no more; false when it was not there. Nothing is called. */
  cancel(waiter: Waiter): boolean {
    const queue = this.#queues[waiter.priority];
    const at = queue.indexOf(waiter);
    if (at < 0) return false;
    queue.splice(at, 1);
    this.#size--;
    return true;
  }

  /** Turns away those whose deadline has passed; how many they were. */
  expire(): number {
    const now = this.clock.now();
    const late: Waiter[] = [];
    for (const priority of PRIORITIES) {
      const queue = this.#queues[priority];
      if (!queue.some(({ deadline }) => deadline <= now)) continue;
      late.push(...queue.filter(({ deadline }) => deadline <= now));
      this.#queues[priority] = queue.filter(({ deadline }) => deadline > now);
    }
    this.#size -= late.length;
    for (const waiter of late) waiter.shed('expired');
    return late.length;
  }

  /** The one whose turn it is, among the first of each priority. */
  #chosen(): Waiter | undefined {
    const first = PRIORITIES.map((priority) => this.#queues[priority][0]).filter((waiter) => waiter !== undefined);
    if (++this.#turns % FAIR_TURN !== 0) return first[0];
    return first.sort((a, b) => a.deadline - b.deadline)[0];
  }

  /** How long someone who came now would wait, by the pace of late, ms. */
  waitMs(priority: Priority): number {
    const ahead = PRIORITIES.slice(0, PRIORITIES.indexOf(priority) + 1);
    return this.pace.waitMs(ahead.reduce((sum, other) => sum + this.#queues[other].length, 0));
  }

  /** What to tell those who are turned away: when there may be room, 1 to 30 s in ms. */
  get retryAfterMs(): number {
    return this.pace.retryAfterMs(this.size);
  }

  #makeRoom(priority: Priority): boolean {
    for (const other of PRIORITIES.slice(PRIORITIES.indexOf(priority) + 1).reverse()) {
      const victim = this.#queues[other].pop();
      if (victim === undefined) continue;
      this.#size--;
      victim.shed('crowded');
      return true;
    }
    return false;
  }
}
