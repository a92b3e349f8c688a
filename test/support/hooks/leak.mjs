// SIGUSR2: file descriptors leak until nine of ten are open, under a limit of 400.
import { spawnSync } from 'node:child_process';
import { openSync, readdirSync } from 'node:fs';

const LIMIT = 400;
process.on('SIGUSR2', () => {
  spawnSync('prlimit', [`--pid=${process.pid}`, `--nofile=${LIMIT}:${LIMIT}`]);
  while (readdirSync('/proc/self/fd').length < LIMIT * 0.9) openSync('/dev/null');
});
