import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How long a process has to leave on SIGTERM, ms. */
const LEAVE_MS = 5000;
/** So much of the end of a log is shown when a run fails. */
const LAST_CHARACTERS = 1500;

/** The processes and files of a run: whatever happens, nothing of them is left behind. */
export class Household {
  /** A folder of this run, for configurations and logs. */
  readonly folder = mkdtempSync(join(tmpdir(), 'l104-bench-'));
  readonly #children = new Set<ChildProcess>();
  /** Those that were asked to leave. */
  readonly #leaving = new Set<ChildProcess>();
  readonly #lost: string[] = [];

  constructor() {
    process.on('exit', () => {
      for (const child of [...this.#children, ...this.#leaving]) child.kill('SIGKILL');
      rmSync(this.folder, { recursive: true, force: true });
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
  }

  /** Takes a process in. */
  adopt<C extends ChildProcess>(name: string, child: C): C {
    this.#children.add(child);
    child.once('exit', (code, signal) => {
      if (this.#children.delete(child))
        this.#lost.push(`${name} ended by itself with ${signal ?? `code ${code ?? '?'}`}`);
    });
    return child;
  }

  /** What may explain a failed run: processes that ended by themselves, and the last lines of the logs. */
  traces(): string[] {
    const logs = readdirSync(this.folder).filter((name) => name.endsWith('.log'));
    const lines = logs.map(
      (name) => `${name}:\n${readFileSync(join(this.folder, name), 'utf8').slice(-LAST_CHARACTERS)}`,
    );
    return [...this.#lost, ...lines];
  }

  /** Ends one process. */
  async end(child: ChildProcess): Promise<void> {
    this.#children.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const left = once(child, 'exit');
    const timer = setTimeout(() => child.kill('SIGKILL'), LEAVE_MS);
    this.#leaving.add(child);
    child.kill('SIGTERM');
    await left;
    this.#leaving.delete(child);
    clearTimeout(timer);
  }

  /** Ends every process. */
  async close(): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.end(child)));
  }
}
