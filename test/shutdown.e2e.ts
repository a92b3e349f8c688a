import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningSimulator, startSimulator } from '../src/simulator/index.js';
import { type NodeProcess, runNode, served } from './support/process.js';

let node: NodeProcess | undefined;
let simulator: RunningSimulator | undefined;
afterEach(async () => {
  node?.child.kill('SIGKILL');
  await simulator?.close();
});

interface Streamed {
  text: string;
  /** How the connection ended. */
  end: 'whole' | 'broken';
}

/** Streams an answer over a connection of its own. */
function stream(url: string, words: number): { first: Promise<void>; over: Promise<Streamed> } {
  let heard = (): void => undefined;
  const first = new Promise<void>((resolve) => (heard = resolve));
  const over = new Promise<Streamed>((resolve) => {
    const call = request(`${url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
    });
    call.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        heard();
      });
      response.on('error', () => undefined);
      response.on('close', () => {
        resolve({ text, end: response.complete ? 'whole' : 'broken' });
      });
    });
    call.end(JSON.stringify({ contents: [{ parts: [{ text: `Hello #words=${words}` }] }] }));
  });
  return { first, over };
}

async function start(env: Record<string, string>): Promise<string> {
  simulator = await startSimulator({ wordDelayMs: 20 });
  node = runNode([], { GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: simulator.url, ...env });
  return served(node);
}

describe('SIGTERM', () => {
  it('fails readiness, lets a running stream finish whole, and exits with 0', async () => {
    const url = await start({ SHUTDOWN_DELAY_SECONDS: '2s', SHUTDOWN_GRACE_SECONDS: '20s' });
    const { first, over } = stream(url, 300);
    await first;
    node!.child.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`${url}/health/ready`)).status).toBe(503);
    // Load balancers need a moment: new work is still served.
    const late = await fetch(`${url}/v1beta/models`, { headers: { 'x-goog-api-key': 'k' } });
    expect(late.status).toBe(200);
    expect(late.headers.get('connection')).toBe('close');
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const { text, end } = await over;
    expect(end).toBe('whole');
    expect(text).toContain('"finishReason":"STOP"');
    expect(await node!.ended).toBe(0);
    expect(node!.output.stdout).toContain('drain_finished');
  });

  it('ends a stream that outlasts the grace with an honest error, and still exits with 0', async () => {
    const url = await start({ SHUTDOWN_DELAY_SECONDS: '0s', SHUTDOWN_GRACE_SECONDS: '300ms' });
    const { first, over } = stream(url, 3000);
    await first;
    node!.child.kill('SIGTERM');
    const { text, end } = await over;
    expect(end).toBe('broken');
    expect(text.trimEnd().split('\n').at(-1)).toContain('DRAINING');
    expect(await node!.ended).toBe(0);
  });

  it('leaves at once at the second signal', async () => {
    const url = await start({ SHUTDOWN_DELAY_SECONDS: '60s' });
    await fetch(`${url}/health`);
    node!.child.kill('SIGINT');
    await expect.poll(async () => (await fetch(`${url}/health/ready`)).status).toBe(503);
    node!.child.kill('SIGINT');
    expect(await node!.ended).toBe(0);
  });
});
