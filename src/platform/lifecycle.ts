import { Injectable } from '@nestjs/common';

/** Where the node is in its life. */
export type LifePhase = 'starting' | 'running' | 'draining';

/** Why the process is to end. */
export interface Departure {
  /** Exit code, as in sysexits.h: 0, 75 (a supervisor is to start it anew), 70 (a bug). */
  readonly code: number;
  readonly kind: 'drained' | 'healed' | 'bug';
  /** Name of the cause, as heals name it, or `signal`. */
  readonly cause: string;
  /** One sentence for people; nothing in it is secret. */
  readonly reason: string;
}

/** What the node is doing to start. */
export interface StartStep {
  readonly step: string;
  readonly number: number;
  readonly of: number;
}

/** How far the node has come on its way out. */
export interface DrainProgress {
  /** Answers that are being sent. */
  readonly streams: number;
  /** Calls whose answers have not begun. */
  readonly calls: number;
  /** Until what still runs is cut short, ms. */
  readonly leftMs: number;
  /** Until new requests are refused, ms, 0 when they are; undefined where another process takes them. */
  readonly refusesInMs: number | undefined;
}

/** The phase of the node's life, told by the process entry and read by probes and routes, and the way out of it. */
@Injectable()
export class Lifecycle {
  phase: LifePhase = 'starting';
  /** The step of the start it is at; undefined while that is not known. */
  start: StartStep | undefined;
  /** Tells how far a drain has come; undefined while there is none. */
  drain: (() => DrainProgress) | undefined;
  #departure: Departure | undefined;
  #leaving: Promise<void> | undefined;
  #end: ((departure: Departure) => Promise<void>) | undefined;

  /** Why the node leaves; undefined while it does not. */
  get departure(): Departure | undefined {
    return this.#departure;
  }

  /**
   * Drains and ends the process; the first call decides. Resolves never in a real process. Without a process entry that
   * ends it (a node inside a test) the departure is only noted.
   */
  leave(departure: Departure): Promise<void> {
    this.#departure ??= departure;
    this.#leaving ??= this.#end?.(this.#departure) ?? Promise.resolve();
    return this.#leaving;
  }

  /** Sets who ends the process; for its entry. */
  leaveBy(end: (departure: Departure) => Promise<void>): void {
    this.#end = end;
  }
}
