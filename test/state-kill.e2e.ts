import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ask, circuits, heal, Lives, SAVED_MS } from './support/lives.js';
import { type NodeProcess, runNode, served } from './support/process.js';

let lives: Lives;
let child: NodeProcess | undefined;
beforeEach(async () => {
  lives = await Lives.set();
});
afterEach(async () => {
  child?.child.kill('SIGKILL');
  await child?.ended;
  await lives.over();
});

it('loses to a kill -9 no more than the interval', async () => {
  const start = async (): Promise<string> => {
    child = runNode([], lives.settings({ PORT: '0', GEMINI_API_KEY: 'key-one-0001' }));
    return served(child);
  };
  const kill = async (): Promise<void> => {
    child?.child.kill('SIGKILL');
    expect(await child?.ended).toBe('SIGKILL');
  };
  const first = await start();
  const before = await lives.openCircuit(first);
  lives.useUp();
  expect((await ask(first, 'gemini-2.5-pro')).status).toBe(429);
  await pause(SAVED_MS);
  await kill();
  const second = await start();
  lives.simulator.faults.clear();
  const received = lives.asked;
  const after = (await circuits(second)).find(({ name }) => name === before.name);
  expect(after).toMatchObject({ state: 'open' });
  expect(after!.remaining_seconds).toBeLessThan(before.remaining_seconds!);
  expect((await ask(second)).status).toBe(503);
  expect((await ask(second, 'gemini-2.5-pro')).status).toBe(429);
  expect(lives.asked).toBe(received);
  await heal(second);
  await pause(SAVED_MS);
  await kill();
  const third = await start();
  expect((await ask(third)).status).toBe(200);
  expect((await ask(third, 'gemini-2.5-pro')).status).toBe(200);
});
