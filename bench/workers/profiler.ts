import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/*
 * Loaded into a node ahead of its own code: the first SIGUSR2 begins a CPU profile, the second
 * writes it to the file named in the environment. The start of the node is not profiled.
 */

/** Time between two samples, microseconds. */
const INTERVAL = 200;

const session = new Session();
let running = false;

async function toggle(): Promise<void> {
  if (running) {
    const { profile } = await session.post('Profiler.stop');
    writeFileSync(process.env['BENCH_PROFILE'] ?? 'bench.cpuprofile', JSON.stringify(profile));
    return;
  }
  running = true;
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
  await session.post('Profiler.start');
}

process.on('SIGUSR2', () => void toggle());
