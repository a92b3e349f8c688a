import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

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

/** A file system that turns read-only under open files, as one does whose disk has failed. */
export interface FailingDisk {
  readonly path: string;
  fail(): void;
  /** Repairs it, and takes writes again. Only while no file on it is open. */
  mend(): void;
  unmount(): void;
}

/** Mounts one, of so many mebibytes; undefined where this machine does not let us, which it says on one line. */
export function mountFailingDisk(mebibytes: number): FailingDisk | undefined {
  const place = mkdtempSync(join(tmpdir(), 'failing-'));
  const [image, path] = [join(place, 'image'), join(place, 'disk')];
  const run = (command: string): void => {
    execFileSync('sh', ['-c', command], { stdio: 'ignore', env: { PATH: `${process.env['PATH']}:/usr/sbin:/sbin` } });
  };
  const mount = `mount -o loop,errors=remount-ro ${image} ${path}`;
  const device = (): string =>
    basename(
      readFileSync('/proc/mounts', 'utf8')
        .split('\n')
        .find((line) => line.includes(` ${path} `))
        ?.split(' ')[0] ?? '',
    );
  try {
    run(`mkdir ${path} && truncate -s ${mebibytes}M ${image} && mkfs.ext4 -q -O ^has_journal ${image} && ${mount}`);
    run(`test -w /sys/fs/ext4/${device()}/trigger_fs_error || { umount ${path}; exit 1; }`);
  } catch {
    rmSync(place, { recursive: true, force: true });
    process.stdout.write('skipped: a disk that fails needs the right to mount, a loop device and ext4\n');
    return undefined;
  }
  return {
    path,
    fail: () => {
      writeFileSync(`/sys/fs/ext4/${device()}/trigger_fs_error`, 'failed on purpose');
    },
    mend: () => {
      // What it has repaired it says in its exit code.
      run(`umount ${path}; fsck.ext4 -fy ${image}; ${mount}`);
    },
    unmount: () => {
      run(`umount -l ${path}`);
      rmSync(place, { recursive: true, force: true });
    },
  };
}
