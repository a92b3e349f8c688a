import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, many } from './support/asking.js';
import { setStage, type Stage } from './support/boot.js';
import { hasTool } from './support/tool.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WAIT = { timeout: 20_000 };

describe.runIf(hasTool('chromium', 'the page in a real browser'))('the dashboard', { timeout: 60_000 }, () => {
  let browser: Browser;
  let stage: Stage;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    const executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-quic'] });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    stage = await setStage({ MAX_RETRY_ATTEMPTS: '1', CIRCUIT_BREAKER_TIMEOUT: '1s', WATCHDOG_LOOP_DELAY_LIMIT: '1m' });
    complaints = [];
  });
  afterEach(async () => {
    await page.close();
    await stage.close();
  });

  async function open(width = 1100, colorScheme: 'light' | 'dark' = 'light', query = ''): Promise<void> {
    page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${stage.node.url}/${query}`);
  }
  const call = async (): Promise<number> => (await ask(stage.node.url, { form: 'gemini' })).status;
  const breakUpstream = async (): Promise<void> => {
    stage.simulator.faults.preset('outage', 60_000);
    for (let n = 0; n < 6; n++) await call();
  };
  const says = async (id: string, text: string | RegExp): Promise<void> => {
    await expect.poll(() => page.locator(`#${id}`).textContent(), WAIT).toMatch(text);
  };
  const violations = (): Promise<string[]> =>
    page.evaluate(
      `${AXE}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
    );
  const policyBreaches = (): string[] => complaints.filter((text) => /content security policy|trusted/i.test(text));

  it('shows the circuit, the alert and the recovery as they happen, and no violation of accessibility', async () => {
    await call();
    // What is seen within the hour was told by an event, and no look that was due anyway.
    await open(1100, 'light', '?refresh=3600');
    await says('sentence', 'Healthy');
    await says('live', '● live');
    await says('targets', 'in use');
    await says('healing', 'No heal was needed since');
    await says('alerts', 'Nothing to tell anybody.');
    expect(await violations()).toEqual([]);
    await breakUpstream();
    await page.getByText('CircuitOpen, warning').waitFor(WAIT);
    await says('targets', /resting since .*, for status 503 ×\d; tried again (in \d+ s|with the next call)/);
    expect(await violations()).toEqual([]);
    stage.simulator.faults.clear();
    await expect.poll(call, WAIT).toBe(200);
    await Promise.all(many(6, call));
    await says('targets', 'in use since');
    await says('sentence', /Healthy|Degraded/);
    expect(policyBreaches()).toEqual([]);
  });

  it('is readable on a phone in the dark, without sideways scroll', async () => {
    await breakUpstream();
    await open(360, 'dark');
    await says('targets', 'resting');
    await page.locator('#plot-memory-canvas canvas, #history').first().waitFor();
    expect(await violations()).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });

  it('says when it has lost the node, and from when its figures are', async () => {
    // The end of the stream leads to a look, long before one is due.
    await open(1100, 'light', '?refresh=3600');
    await says('sentence', 'Healthy');
    await says('live', '● live');
    await stage.node.drain();
    await says('live', 'disconnected');
    await says('sentence', /No contact with the node since/);
    expect(await violations()).toEqual([]);
  });

  it('shows who has no rights what is public, and says what is missing', async () => {
    await stage.close();
    stage = await setStage({ ADMIN_TOKEN: 'a-token-of-administrators' });
    await open();
    await says('sentence', 'Healthy');
    await says('targets', /rights of an administrator|Sign in/);
    expect(await page.getByRole('button', { name: /Heal now/ }).count()).toBe(0);
  });
});
