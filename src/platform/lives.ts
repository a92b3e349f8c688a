import { resolve } from 'node:path';
import { type Clock, systemClock } from '../kernel/clock.js';
import {
  type EndedLife,
  endLine,
  type LifeEnd,
  type LifeLog,
  readLifeLog,
  restartsWithin,
  shortened,
  startLine,
} from './domain/life-log.js';
import { randomHex } from './identifiers.js';
import { appendLifeFile, birthOf, readLifeFile, replaceLifeFile, runs } from './life-file.js';
import { VERSION } from './version.js';

export { type EndedLife, type LifeEndKind } from './domain/life-log.js';

/** Lives the log is shortened to; it grows to twice as many before that. */
const KEPT_LIVES = 50;

const WITHOUT_A_WORD = 'it ended without a word: killed, out of memory, or the power went';

/** The lives of this node, one process after another, as a file tells them that outlives each. */
export class Lives {
  readonly id = randomHex(8);
  readonly #path: string | undefined;
  #problem: unknown;
  #log: LifeLog = { lives: [], lastEnded: undefined };
  #ended = false;

  /** @param path of the log; undefined remembers nothing, for nodes inside another process */
  constructor(
    path: string | undefined,
    private readonly clock: Clock = systemClock,
  ) {
    this.#path = path === undefined ? undefined : resolve(path);
    this.#attempt((file) => {
      this.#log = this.#noticed(file);
    });
  }

  /** The life that ended last, as of the last reading of the log: one that was replaced ends after this one has begun. */
  get last(): EndedLife | undefined {
    return this.#log.lastEnded;
  }

  /** Whether the next life will know of this one; false when the log cannot be read or written. */
  get canRemember(): boolean {
    return this.#path !== undefined && this.#problem === undefined;
  }

  /** Why the log cannot be read or written; undefined while it can. */
  get problem(): unknown {
    return this.#problem;
  }

  /** Where the log lies; undefined when there is none. */
  get path(): string | undefined {
    return this.#path;
  }

  /** Notes that this life has begun. */
  begin(): void {
    const { id, clock } = this;
    const { pid } = process;
    const start = { id, pid, birth: birthOf(pid), startedAt: clock.wall(), version: VERSION };
    this.#attempt((file) => {
      const short = shortened(this.#log, KEPT_LIVES);
      if (short !== undefined) replaceLifeFile(file, short);
      appendLifeFile(file, `\n${startLine(start)}`);
    });
  }

  /** Notes how this life ends, once, before it returns; later calls do nothing. Never throws. */
  end(how: Omit<LifeEnd, 'endedAt'>): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#attempt((file) => {
      appendLifeFile(file, endLine(this.id, { ...how, endedAt: this.clock.wall() }));
    });
  }

  /** How many lives were ended to cure the node (heavy heals and stalls) within the last `ms`, by wall clock. */
  restartsWithin(ms: number): number {
    // Read anew: siblings of a cluster write to the same log.
    this.#attempt((file) => {
      this.#log = readLifeLog(readLifeFile(file));
    });
    return restartsWithin(this.#log, ms, this.clock.wall());
  }

  /** The log, with an end for each life that has none and runs no more. */
  #noticed(file: string): LifeLog {
    const text = readLifeFile(file);
    const gone = readLifeLog(text).lives.filter(({ end, pid, birth }) => end === undefined && !runs(pid, birth));
    const how = { code: undefined, kind: 'killed', cause: 'unknown', reason: WITHOUT_A_WORD } as const;
    const ends = gone.map(({ id }) => endLine(id, { ...how, endedAt: this.clock.wall() })).join('');
    if (ends === '') return readLifeLog(text);
    const log = readLifeLog(text + ends);
    try {
      appendLifeFile(file, ends);
    } catch (error) {
      this.#problem = error;
    }
    return log;
  }

  #attempt(work: (file: string) => void): void {
    if (this.#path === undefined) return;
    try {
      work(this.#path);
    } catch (error) {
      this.#problem ??= error;
    }
  }
}
