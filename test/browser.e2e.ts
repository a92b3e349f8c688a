import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningNode } from '../src/start-node.js';
import { bootNode } from './support/boot.js';
import { hasTool } from './support/tool.js';

let node: RunningNode;
beforeAll(async () => {
  ({ node } = await bootNode({ GEMINI_UPSTREAM: 'simulator', WATCHDOG_LOOP_DELAY_LIMIT: '1m' }));
});
afterAll(() => node.drain());

/** The page as Chromium has it after its scripts have run for a while. */
async function rendered(url: string): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), 'l104-chromium-'));
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  const { stdout } = await promisify(execFile)(
    'chromium',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      ...quiet,
      `--user-data-dir=${profile}`,
      '--virtual-time-budget=8000',
      '--dump-dom',
      url,
    ],
    { timeout: 25_000, maxBuffer: 10_000_000 },
  );
  return stdout;
}

it.runIf(hasTool('chromium', 'the page in a real browser'))('the page speaks in a real browser', async () => {
  const page = await rendered(`${node.url}/`);
  expect(page).toContain('Healthy and waiting');
  expect(page).toMatch(/live, \d+ s ago/);
  expect(page).toContain('answers are not from Gemini');
});
