import { connect } from 'node:net';
import { expect } from 'vitest';
import { type Stage, setStage } from './boot.js';

export const NATIVE = '/v1beta/models/gemini-2.5-flash:generateContent';
export const STREAM = '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse';
export const CHAT = '/v1/chat/completions';
/** What is sent to a path; a path without a body is asked by GET. */
export const BODIES: Readonly<Record<string, string>> = {
  [NATIVE]: '{"contents":[{"parts":[{"text":"Hello"}]}]}',
  [STREAM]: '{"contents":[{"parts":[{"text":"Hello"}]}]}',
  [CHAT]: '{"model":"gemini-2.5-flash","messages":[{"role":"user","content":"Hello"}]}',
  '/api/v6/stream': '{"message":"Hello"}',
  '/api/stream': '{"message":"Hello"}',
  '/memory': '{"key":"a","value":"b"}',
};

/** A node with a low rate limit, and a client that sends to it. */
export class LimitedStage {
  private constructor(readonly stage: Stage) {}

  /** Boots a node on which nothing comes back within a test, unless the window is set. */
  static async set(requests: number, env: Record<string, string> = {}): Promise<LimitedStage> {
    const stage = await setStage({ RATE_LIMIT_REQUESTS: String(requests), RATE_LIMIT_WINDOW: '1h', ...env });
    await expect.poll(async () => (await fetch(`${stage.node.url}/health/ready`)).status).toBe(200);
    return new LimitedStage(stage);
  }

  /** Sends what belongs to a path. */
  send(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const body = BODIES[path];
    return fetch(this.stage.node.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer a-key-of-mine', ...headers },
      ...(body === undefined ? {} : { body }),
    });
  }

  /** Sends it and returns the status of the answer. */
  async status(path: string, headers: Record<string, string> = {}): Promise<number> {
    const response = await this.send(path, headers);
    await response.arrayBuffer();
    return response.status;
  }

  /** Sends it `count` times and returns how many were let through. */
  async passed(count: number, path: string, headers: (i: number) => Record<string, string>): Promise<number> {
    let through = 0;
    for (let i = 0; i < count; i++) if ((await this.status(path, headers(i))) !== 429) through++;
    return through;
  }

  /** Value of a metric, by its name with labels. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.stage.node.url}/metrics/prometheus`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  }

  /** What comes back for raw bytes: its first piece, or with `whole` all until the node ends the connection. */
  answerTo(bytes: string, whole = false): Promise<string> {
    return new Promise((resolve, reject) => {
      const { port, hostname } = new URL(this.stage.node.url);
      const socket = connect(Number(port), hostname);
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk.toString();
        if (!whole) {
          resolve(answer);
          socket.destroy();
        }
      });
      socket.on('close', () => {
        resolve(answer);
      });
      socket.on('error', reject);
      socket.write(bytes);
    });
  }
}
