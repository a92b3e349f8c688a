import { type Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from './support/asking.js';
import { setStage, type Stage } from './support/boot.js';
import { launch, OpenPage, WAIT } from './support/open-page.js';
import { hasTool } from './support/tool.js';

describe.runIf(hasTool('chromium', 'what the page shows'))('what the page shows', { timeout: 60_000 }, () => {
  let browser: Browser;
  let stage: Stage;
  let seen: OpenPage;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    stage = await setStage({ MAX_RETRY_ATTEMPTS: '1', WATCHDOG_LOOP_DELAY_LIMIT: '1m' });
  });
  afterEach(async () => {
    await seen.page.close();
    await stage.close();
  });

  const open = async (width = 1100, colorScheme: 'light' | 'dark' = 'light'): Promise<void> => {
    seen = await OpenPage.sized(browser, `${stage.node.url}/`, width, colorScheme);
  };
  const call = async (): Promise<number> => (await ask(stage.node.url, { form: 'gemini' })).status;
  const breakUpstream = async (): Promise<void> => {
    stage.simulator.faults.preset('outage', 60_000);
    for (let n = 0; n < 6; n++) await call();
  };
  const width = (): Promise<number> => seen.page.evaluate<number>('document.documentElement.scrollWidth');

  it('is what users feel, what the targets did, and what is in use, as it happens', async () => {
    await open();
    await seen.says('feel', /Answered–.*no requests/);
    await call();
    await seen.says('feel', /Answered100 %.*all of 1/);
    await seen.says('targets', /last answer .* ago\) · p95 \d+ ms · 1\/min/);
    await seen.says('targets', /Last 24 hours, 23 of them not known: no failures\./);
    await seen.says('vitals', /Heap\d+ MiB.*fine/);
    await seen.says('limits', /gemini-2\.5-flash.*Retry budget\d+ of \d+ used in 10 s/);
    expect(await seen.page.locator('#identity').textContent()).toMatch(/^\S+ · v\d/);
    await breakUpstream();
    await seen.says('feel', /6 of 7 failed/);
    await seen.says('targets', /failures in 1 hour/);
    await seen.page.getByText(/^What happened/).click();
    await seen.says('happened', /circuits: degraded/);
    expect(await seen.page.locator('#targets .bar-bad').count()).toBe(1);
    expect(await seen.violations()).toEqual([]);
    expect(seen.breaches).toEqual([]);
  });

  it('is which key rests, for what and how long, and never the key', async () => {
    await stage.close();
    stage = await setStage({ GEMINI_API_KEY: 'first-secret-key,second-secret-key' }, { quota: { perMinute: 1 } });
    for (let n = 0; n < 3; n++) await call();
    await open();
    await seen.says('targets', /key #[0-9a-f]{4} resting for gemini-2\.5-flash, per-minute quota · \d+ s left/);
    await seen.says('targets', /of 2 keys ready\./);
    expect(await seen.page.content()).not.toContain('secret-key');
    expect(await seen.violations()).toEqual([]);
  });

  it('has no sideways scroll when it is twice as large', async () => {
    await breakUpstream();
    await open(550);
    await seen.says('targets', 'resting');
    await seen.says('vitals', 'Heap');
    expect(await width()).toBeLessThanOrEqual(550);
  });

  it('has on a phone in the dark the action at the end of each card', async () => {
    await call();
    await open(360, 'dark');
    const button = seen.button(/^Isolate/);
    await button.waitFor(WAIT);
    const [card, at] = [await seen.page.locator('#targets li').boundingBox(), await button.boundingBox()];
    expect(at!.width).toBeGreaterThan(card!.width * 0.8);
    expect(at!.height).toBeGreaterThanOrEqual(44);
    expect(at!.y + at!.height).toBeGreaterThan(card!.y + card!.height - 16);
    expect(await width()).toBeLessThanOrEqual(360);
    expect(await seen.violations()).toEqual([]);
  });
});
