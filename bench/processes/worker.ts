import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Household } from './household.js';

/** How long a process of the benchmark has to start, ms. */
const START_MS = 15_000;

/** Environment of the processes of a run: nothing of the caller's, so that proxies and settings cannot leak in. */
export const CLEAN_ENVIRONMENT: Readonly<Record<string, string>> = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };

/** What a script says when it has started. */
interface Ready {
  /** Port of its server; 0 when it has none. */
  readonly port: number;
}

/** A running script of the benchmark. */
interface Worker extends Ready {
  readonly child: ChildProcess;
}

/** Starts one of the scripts in `workers/`; resolves when it has started. */
export async function startWorker(household: Household, name: string, args: readonly string[] = []): Promise<Worker> {
  const script = fileURLToPath(new URL(`../workers/${name}.js`, import.meta.url));
  const child = household.adopt(name, fork(script, args, { env: CLEAN_ENVIRONMENT, execArgv: [] }));
  return { child, ...(await nextMessage<Ready>(child, name, START_MS)) };
}

/** The next message of a process; rejects when it ends instead, or takes longer than `limitMs`. */
export function nextMessage<T>(child: ChildProcess, name: string, limitMs: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      child.off('message', heard);
      child.off('exit', left);
      act();
    };
    const heard = (message: unknown): void => {
      settle(() => {
        resolve(message as T);
      });
    };
    const left = (code: number | null): void => {
      settle(() => {
        reject(new Error(`${name} ended with code ${code ?? 'none'}`));
      });
    };
    const timer = setTimeout(() => {
      settle(() => {
        reject(new Error(`${name} said nothing for ${limitMs / 1000} s`));
      });
    }, limitMs);
    child.on('message', heard);
    child.on('exit', left);
  });
}
