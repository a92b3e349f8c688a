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

  async function open(width = 1100, colorScheme: 'light' | 'dark' = 'light'): Promise<void> {
    page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${stage.node.url}/`);
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
    await open();
    await says('sentence', 'Healthy');
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

  it('takes a target out and gives it back, heals by hand, and asks before each', async () => {
    await call();
    await open();
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.accept();
    });
    await page.getByRole('button', { name: /^Isolate/ }).click();
    await says('done', /is taken out\. Release it to undo that\./);
    await says('targets', 'taken out by an operator');
    expect(await call()).toBe(503);
    await page.getByRole('button', { name: /^Release/ }).click();
    await says('targets', 'in use');
    await page.getByRole('button', { name: 'Heal now …' }).click();
    await says('healing', /asked for by hand → medium.*nothing was wrong/);
    expect(asked).toHaveLength(3);
    expect(asked[2]).toMatch(/Heal now\? This is the plan:\n\n• circuit breaker reset: /);
  });

  it('tells what users feel, what the targets did, and what is in use, as it happens', async () => {
    await open();
    await says('feel', /Answered–.*no requests/);
    await call();
    await says('feel', /Answered100 %.*all of 1/);
    await says('targets', /last answer .* ago\) · p95 \d+ ms · 1\/min/);
    await says('targets', /Last 24 hours, 23 of them not known: no failures\./);
    await says('vitals', /Heap\d+ MiB.*fine/);
    await says('limits', /gemini-2\.5-flash.*Retry budget\d+ of \d+ used in 10 s/);
    expect(await page.locator('#identity').textContent()).toMatch(/^\S+ · v\d/);
    await breakUpstream();
    await says('feel', /6 of 7 failed/);
    await says('targets', /failures in 1 hour/);
    await page.getByText(/^What happened/).click();
    await says('happened', /circuits: degraded/);
    expect(await page.locator('#targets .bar-bad').count()).toBe(1);
    expect(await violations()).toEqual([]);
    expect(policyBreaches()).toEqual([]);
  });

  it('shows which key rests, for what and how long, and never the key', async () => {
    await stage.close();
    stage = await setStage({ GEMINI_API_KEY: 'first-secret-key,second-secret-key' }, { quota: { perMinute: 1 } });
    for (let n = 0; n < 3; n++) await call();
    await open();
    await says('targets', /key #[0-9a-f]{4} resting for gemini-2\.5-flash, per-minute quota · \d+ s left/);
    await says('targets', /of 2 keys ready\./);
    expect(await page.content()).not.toContain('secret-key');
    expect(await violations()).toEqual([]);
  });

  it('has no sideways scroll when it is twice as large', async () => {
    await breakUpstream();
    await open(550);
    await says('targets', 'resting');
    await says('vitals', 'Heap');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(550);
  });

  it('has on a phone the action at the end of each card', async () => {
    await call();
    await open(360);
    const button = page.getByRole('button', { name: /^Isolate/ });
    await button.waitFor(WAIT);
    const [card, at] = [await page.locator('#targets li').boundingBox(), await button.boundingBox()];
    expect(at!.width).toBeGreaterThan(card!.width * 0.8);
    expect(at!.height).toBeGreaterThanOrEqual(44);
    expect(at!.y + at!.height).toBeGreaterThan(card!.y + card!.height - 16);
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
    await open();
    await says('sentence', 'Healthy');
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
    await says('targets', 'needs the rights of an administrator');
    expect(await page.getByRole('button', { name: /Heal now/ }).count()).toBe(0);
  });
});
