import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseFaultPlan, type RunningSimulator, startSimulator } from '../src/simulator/index.js';
import { callsOf, eventsOf, saidIn, say, textOf } from './support/conversing.js';
import { type NodeProcess, runNode, served } from './support/process.js';

let simulator: RunningSimulator;
let child: NodeProcess | undefined;
let directory: string;
beforeEach(async () => {
  simulator = await startSimulator({ wordDelayMs: 0 });
  directory = mkdtempSync(join(tmpdir(), 'l104-sessions-'));
});
afterEach(async () => {
  child?.child.kill('SIGKILL');
  await child?.ended;
  await simulator.close();
});

async function start(): Promise<string> {
  child = runNode([], {
    PORT: '0',
    GEMINI_UPSTREAM: 'gemini',
    GEMINI_BASE_URL: simulator.url,
    DATABASE_URL: `file:${join(directory, 'l104.db')}`,
  });
  return served(child);
}
async function kill(): Promise<void> {
  child?.child.kill('SIGKILL');
  expect(await child?.ended).toBe('SIGKILL');
}

it('stores a turn once and whole, whether the node died in mid-answer or behind it', async () => {
  const said = { message: 'Hello #words=100', session_id: 'killed' };
  const key = { 'idempotency-key': 'the-same' };
  simulator.faults.set(parseFaultPlan({ faults: [{ fault: { kind: 'slow', perEventMs: 50 }, times: 1 }] }).plan!);
  const first = await say(await start(), said, key);
  await first.body!.getReader().read();
  await kill();

  const second = await start();
  expect(await saidIn(second, 'killed')).toEqual([]);
  const answer = await say(second, said, key);
  expect(answer.headers.get('x-l104-replayed')).toBeNull();
  const events = eventsOf(await answer.text());
  expect(events.at(-1)?.event).toBe('done');
  await kill();

  const third = await start();
  const asked = callsOf({ simulator }, 'streamGenerateContent');
  const again = await say(third, said, key);
  expect(again.headers.get('x-l104-replayed')).toBe('true');
  const text = textOf(events);
  expect(eventsOf(await again.text())[0]).toEqual({ event: 'delta', data: { text } });
  expect(callsOf({ simulator }, 'streamGenerateContent')).toBe(asked);
  expect(await saidIn(third, 'killed')).toEqual([said.message]);
});
