import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningNode } from '../src/start-node.js';
import { bootNode, ROOT } from './support/boot.js';

const run = promisify(execFile);
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The blocks of a language that speak to a node, in their order. */
const blocks = (language: string): string[] =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))]
    .map(([, code = '']) => code)
    .filter((code) => code.includes('127.0.0.1:8081'));

let node: RunningNode;
beforeAll(async () => {
  ({ node } = await bootNode({ GEMINI_UPSTREAM: 'simulator', SIMULATOR_WORD_DELAY: '0ms' }));
});
afterAll(() => node.drain());

const here = (code: string): string => code.replaceAll('http://127.0.0.1:8081', node.url);

describe('every block of the README does what it says', () => {
  it.each(blocks('js').map((code) => [/from '([^']+)'/.exec(code)?.[1], code] as const))(
    'with %s',
    async (_name, code) => {
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', here(code)], { cwd: ROOT });
      expect(stdout).toMatch(/^\[simulated\] /);
      expect(stdout.length).toBeGreaterThan(60);
    },
  );

  it('with curl', async () => {
    const calls = blocks('sh').filter((code) => code.trim().startsWith('curl'));
    expect(calls.length).toBeGreaterThan(1);
    for (const call of calls) {
      const { stdout } = await run('bash', ['-c', here(call)], { cwd: ROOT });
      expect(stdout).toContain('[simulated]');
    }
  });

  it('with npm run break', async () => {
    const L104_URL = node.url;
    const script = join(ROOT, 'scripts/break.mjs');
    const health = async (): Promise<number> =>
      (await fetch(`${node.url}/v1beta/models/gemini-2.5-flash:generateContent`, { method: 'POST', body: '{}' }))
        .status;
    const { stdout } = await run(process.execPath, [script, 'outage', '20s'], { env: { ...process.env, L104_URL } });
    expect(stdout).toContain('outage');
    expect(await health()).toBe(503);
    await run(process.execPath, [script, 'off'], { env: { ...process.env, L104_URL } });
    expect(await health()).not.toBe(503);
  });
});
