/** Time as the domain sees it. Both readings are in milliseconds. */
export interface Clock {
  /** Monotonic time for windows, limits and waits; its zero has no meaning. */
  now(): number;
  /** Wall-clock time since the Unix epoch, for time stamps only: it may step backward. */
  wall(): number;
}

/** The process's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
};

/** A clock that stands still until it is told to move; for tests of the domain. */
export class ManualClock implements Clock {
  #now = 0;
  #wall: number;

  constructor(wall = Date.UTC(2026, 0, 1)) {
    this.#wall = wall;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#wall;
  }

  /** Moves both readings forward by `ms` milliseconds. */
  advance(ms: number): void {
    this.#now += ms;
    this.#wall += ms;
  }

  /** Sets only the wall clock, as an administrator or NTP would. */
  setWall(ms: number): void {
    this.#wall = ms;
  }
}
