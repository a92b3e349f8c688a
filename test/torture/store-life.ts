import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT } from '../support/boot.js';

/** What a process has found in the store at its start. */
export interface Found {
  readonly keys: readonly string[];
  /** Keys whose value is not what was stored under them. */
  readonly torn: readonly string[];
  /** Numbers of the turns, by session. */
  readonly turns: Readonly<Record<string, readonly number[]>>;
}

/** Settings under which everything that is rare happens all the time. */
const HASTE = {
  MEMORY_SESSION_TURNS: '10000',
  MEMORY_SESSION_BYTES: '64MiB',
  MEMORY_REDO_BYTES: '1MiB',
  MEMORY_BACKUP_INTERVAL: '1s',
  MEMORY_CHECK_INTERVAL: '1s',
  MEMORY_CHECK_THOROUGH_EVERY: '3',
  MEMORY_WATCH_INTERVAL: '50ms',
  MEMORY_LOG_BYTES: '256KiB',
  MEMORY_LOG_LIMIT_BYTES: '2MiB',
  MEMORY_REOPEN_INTERVAL: '50ms',
  MEMORY_VACUUM_PAGES: '16',
};

/** One life of a store in a process of its own, from its start to its SIGKILL. */
export class StoreLife {
  readonly #child: ChildProcess;
  readonly #output: string;
  readonly #ended: Promise<unknown>;

  /** @param place where the process prints to, outside of the store's own directory */
  constructor(
    readonly number: number,
    private readonly place: { readonly directory: string; readonly database: string; readonly writers: number },
    name = `life-${number}`,
  ) {
    this.#output = join(place.directory, name);
    const file = openSync(this.#output, 'w');
    const args = [
      join(ROOT, 'test/torture/store-process.mjs'),
      join(ROOT, 'dist'),
      String(number),
      String(place.writers),
    ];
    this.#child = spawn(process.execPath, args, {
      env: { PATH: process.env['PATH'], DATABASE_URL: `file:${place.database}`, ...HASTE },
      stdio: ['pipe', file, 'inherit'],
    });
    closeSync(file);
    this.#ended = once(this.#child, 'close');
  }

  /** Everything it has said, by lines; the last may be cut off by its death. */
  lines(): string[] {
    return readFileSync(this.#output, 'utf8').split('\n').slice(0, -1);
  }

  /** How many writes it has acknowledged. */
  acknowledged(): number {
    return this.lines().filter((line) => /^(put|del|turn) /.test(line)).length;
  }

  /**
   * Waits until what it says is as wanted. Throws when the process has ended, or after a minute: on a machine with much else
   * to do, ten seconds pass before a process has even loaded its modules.
   */
  async until(what: string, wanted: (lines: readonly string[]) => boolean): Promise<void> {
    const limit = Date.now() + 60_000;
    while (!wanted(this.lines())) {
      const end = this.#child.exitCode ?? this.#child.signalCode;
      if (end !== null || Date.now() > limit) {
        const last = this.lines().slice(-8).join('\n').slice(-4000);
        throw new Error(`life ${this.number} (${end ?? 'alive'}) never came to: ${what}\n${last}`);
      }
      await pause(10);
    }
  }

  /** Waits until it has found what is stored, and returns it. */
  async found(): Promise<Found> {
    await this.until('found', (lines) => lines.some((line) => line.startsWith('found ')));
    const line = this.lines().find((one) => one.startsWith('found ')) ?? '';
    return JSON.parse(line.slice('found '.length)) as Found;
  }

  /** Waits until it has acknowledged so many writes more. */
  async writesMore(count: number): Promise<void> {
    const before = this.acknowledged();
    await this.until(`${count} writes more`, () => this.acknowledged() >= before + count);
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
