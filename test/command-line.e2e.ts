import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runNode, served } from './support/process.js';

async function run(args: string[], env: Record<string, string> = {}) {
  const node = runNode(args, env);
  const code = await node.ended;
  return { code, ...node.output };
}

describe('the command line', () => {
  it('explains itself', async () => {
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--check-config') as string,
    });
    const { stdout, code } = await run(['--version', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string });
  });

  it('refuses arguments it does not know with 64', async () => {
    expect(await run(['--sevre'])).toMatchObject({ code: 64, stderr: expect.stringContaining('--help') as string });
  });

  it('names every bad setting, what is wrong with it and an example, and exits with 78', async () => {
    const { code, stderr } = await run([], { PORT: 'eighty', WATCHDOG_INTERVAL: '30000', GEMINI_BASE_URL: 'gemini' });
    expect(code).toBe(78);
    expect(stderr).toContain('PORT=eighty is not a whole number. Example: PORT=8081');
    expect(stderr).toMatch(/WATCHDOG_INTERVAL=30000 .*did you mean 30s\?/);
    expect(stderr).toContain('GEMINI_BASE_URL=gemini is not an http(s) address');
  });

  it('takes the plain numbers of the seed in their own units', async () => {
    const { stdout, code } = await run(['--print-config', '--json'], {
      WATCHDOG_INTERVAL: '45',
      TTFT_TIMEOUT_MS: '1500',
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ WATCHDOG_INTERVAL: 45_000, TTFT_TIMEOUT_MS: 1500 });
  });

  it('warns of a misspelt setting and of one that has no effect', async () => {
    const { stdout } = await run(['--check-config', '--json'], { GEMINI_API_KYE: 'x', GEMINI_FALLBACK_MODELS: 'a>b' });
    const { ok, warnings } = JSON.parse(stdout) as { ok: boolean; warnings: string[] };
    expect(ok).toBe(true);
    expect(warnings.join('\n')).toContain('did you mean GEMINI_API_KEY?');
  });

  it('shows no character of a secret, and reads secrets from files', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'l104-')), 'token');
    writeFileSync(file, 'a-token-from-a-file\n');
    const { stdout, code } = await run(['--print-config'], {
      ADMIN_TOKEN_FILE: file,
      GEMINI_API_KEY: 'AIzaSecretKey0001,p:AIzaSecretKey0002',
    });
    expect(code).toBe(0);
    expect(stdout).toContain('ADMIN_TOKEN=***');
    expect(stdout).toContain('GEMINI_API_KEY=*** (2)');
    expect(stdout).not.toMatch(/AIza|a-token/);
  });

  it('does not start in production to answer with simulated text', async () => {
    const { code, stderr } = await run([], { NODE_ENV: 'production' });
    expect(code).toBe(78);
    expect(stderr).toContain('GEMINI_API_KEY');
    expect(stderr).toContain('GEMINI_UPSTREAM=gemini');
  });

  it('says who to blame when the port is taken, and exits with 69', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as { port: number };
    const { code, stderr } = await run([], { PORT: String(port) });
    squatter.close();
    expect(code).toBe(69);
    expect(stderr).toContain(`Port ${port}`);
    expect(stderr).toContain(`PORT=${port + 1} npm start`);
  });

  it('makes an admin token, shown once and logged never, when it is reachable without one', async () => {
    const node = runNode([], { HOST: '0.0.0.0' });
    const url = await served(node);
    const token = /takes: (\w{32,})/.exec(node.output.stderr)?.[1] ?? '';
    const faults = (headers: Record<string, string>) => fetch(`${url}/self/simulator/faults`, { headers });
    expect((await faults({})).status).toBe(401);
    expect((await faults({ authorization: `Bearer ${token}` })).status).toBe(200);
    expect(node.output.stdout).not.toContain(token);
    node.child.kill('SIGTERM');
    expect(await node.ended).toBe(0);
  });

  it('says in its first log lines that answers are simulated', async () => {
    const node = runNode();
    await served(node);
    const first = node.output.stdout.split('\n').slice(0, 4).join('\n');
    expect(first).toContain('simulator, not from Gemini');
    node.child.kill('SIGTERM');
    await node.ended;
  });
});
