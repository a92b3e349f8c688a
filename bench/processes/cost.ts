import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time a process has used so far, user and system of all its threads, seconds. Taken
 * from the scheduler's own account, in nanoseconds; `/proc/<pid>/stat` counts ticks of 10 ms.
 */
export function cpuSeconds(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const account = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
    nanoseconds += Number(account.slice(0, account.indexOf(' ')));
  }
  return nanoseconds / 1e9;
}

/** Memory of a process in RAM: now, and at most since its start, MiB. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { now: field('VmRSS'), peak: field('VmHWM') };
}
