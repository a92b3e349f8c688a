import { spawnSync } from 'node:child_process';

/**
 * Whether a program that a test wants is on this machine. Without it the test is skipped, which is said on one
 * line; where `L104_REQUIRE_TOOLS` is set its absence is an error.
 */
export function hasTool(name: string, needed: string): boolean {
  if (spawnSync('which', [name]).status === 0) return true;
  if (process.env['L104_REQUIRE_TOOLS'] === 'true') throw new Error(`${name} is not installed: ${needed}`);
  process.stdout.write(`skipped, since ${name} is not installed: ${needed}\n`);
  return false;
}
