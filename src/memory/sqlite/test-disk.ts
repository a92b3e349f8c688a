import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own, in memory, that a test can fill up or make read-only. */
export interface SmallDisk {
  readonly path: string;
  /** Fills it to the last byte; returns what makes room again. */
  fill(): () => void;
  /** Refuses writes from now on, or takes them again. Only while no file is open for writing. */
  readonly(on: boolean): void;
  unmount(): void;
}

/** Mounts one, of so many kibibytes; undefined where this machine does not let us, which it says on one line. */
export function mountSmallDisk(kibibytes: number): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    rmSync(path, { recursive: true, force: true });
    process.stdout.write('skipped: a small disk needs the right to mount\n');
    return undefined;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: () => {
      for (let size = 65_536, n = 0; size > 0;) {
        try {
          writeFileSync(`${ballast}-${n}`, Buffer.alloc(size));
          n++;
        } catch {
          rmSync(`${ballast}-${n}`, { force: true });
          size = Math.floor(size / 4096) * 2048;
        }
      }
      return () => {
        execFileSync('sh', ['-c', `rm -f ${ballast}-*`]);
      };
    },
    readonly: (on) => {
      execFileSync('mount', ['-o', `remount,${on ? 'ro' : 'rw'}`, path], { stdio: 'ignore' });
    },
    unmount: () => {
      execFileSync('umount', ['-l', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
