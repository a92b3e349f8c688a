import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Most bytes that are read of a life log; one of the usual length has some 30,000. */
const READ_LIMIT = 4 * 1024 * 1024;

/** Reads the log; empty when there is none. Throws when it cannot be read. */
export function readLifeFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(-READ_LIMIT);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Adds lines in one write, so that those of two processes do not mix, and has them on the disk when it returns. Throws. */
export function appendLifeFile(path: string, lines: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'a', 0o600);
  try {
    writeSync(file, lines);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Puts a shorter log in the place of the old one, whole or not at all. Throws. */
export function replaceLifeFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}

/**
 * What tells a process from another that has its pid later, where the system says (Linux: when it began, in ticks of
 * the machine's life); undefined elsewhere, or when there is no such process.
 */
export function birthOf(pid: number): string | undefined {
  try {
    // The name, in brackets, may hold anything; the 22nd field of the line is the 20th behind it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Whether the process runs that had this pid and birth. */
export function runs(pid: number, birth: string | undefined): boolean {
  if (birth !== undefined) return birthOf(pid) === birth;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
