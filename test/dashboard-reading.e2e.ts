import { type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from './support/asking.js';
import { setStage, type Stage } from './support/boot.js';
import { launch, OpenPage, WAIT } from './support/open-page.js';
import { hasTool } from './support/tool.js';

const HOSTILE = '<img src=x onerror="window.ran=1">';
const LONG = 'w'.repeat(300);
const TURNED = '\u202Eevil\u2066';

describe.runIf(hasTool('chromium', 'a page that is read'))('who reads the page', { timeout: 60_000 }, () => {
  let browser: Browser;
  let stage: Stage;
  let open: OpenPage;
  let page: Page;
  beforeAll(async () => {
    browser = await launch();
    stage = await setStage({ WATCHDOG_LOOP_DELAY_LIMIT: '1m' });
    await (await ask(stage.node.url, { form: 'gemini' })).text();
    await fetch(`${stage.node.url}/self/heal`, { method: 'POST' });
  });
  beforeEach(async () => {
    open = await OpenPage.open(await browser.newContext(), `${stage.node.url}/?refresh=1`);
    ({ page } = open);
    await open.live();
  });
  afterEach(async () => {
    expect(open.breaches).toEqual([]);
    await page.context().close();
  });
  afterAll(async () => {
    await browser.close();
    await stage.close();
  });

  const focused = (): Promise<string> =>
    page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.id');
  const target = (name: string, state: string, more: object = {}): object => ({
    name,
    state,
    since: '2026-01-01T12:00:00.000Z',
    reason: state === 'closed' ? null : { rule: 'failures', cause: 'status_503' },
    counts: { calls: 4, failures: 1, consecutive_failures: 1 },
    ...more,
  });
  /** Shows these targets, however the node is. */
  const show = async (...circuits: object[]): Promise<void> => {
    await page.unrouteAll();
    await page.route('**/self/circuits', (route) => route.fulfill({ json: { circuits } }));
  };
  const names = (): Promise<string[]> => page.locator('#targets strong').allTextContents();

  it('keeps focus, what is opened and what is selected, while rows change, move and go', async () => {
    await show(target('alpha', 'closed'), target('beta', 'closed'), target('gamma', 'closed'));
    await expect.poll(names, WAIT).toEqual(['alpha', 'beta', 'gamma']);
    await page.locator('#healing summary').click();
    await open.button('Isolate gamma').focus();
    await page.evaluate(`getSelection().selectAllChildren([...document.querySelectorAll('#targets strong')].at(-1))`);
    await show(target('alpha', 'closed'), target('beta', 'closed', { counts: { calls: 9 } }), target('gamma', 'open'));
    await expect.poll(names, WAIT).toEqual(['gamma', 'alpha', 'beta']);
    expect(await focused()).toBe('Isolate gamma');
    await show(target('alpha', 'open'), target('beta', 'closed'), target('gamma', 'open', { counts: { calls: 10 } }));
    await expect.poll(names, WAIT).toEqual(['alpha', 'gamma', 'beta']);
    expect(await focused()).toBe('Isolate gamma');
    await show(target('alpha', 'open'), target('gamma', 'isolated'));
    await expect.poll(names, WAIT).toEqual(['alpha', 'gamma']);
    expect(await focused()).toBe('Release gamma');
    expect(await page.evaluate('getSelection().toString()')).toBe('gamma');
    expect(await page.locator('#healing details').getAttribute('open')).toBe('');
    // Who was at a row that is gone goes on in its part of the page.
    await show(target('alpha', 'open'));
    await expect.poll(names, WAIT).toEqual(['alpha']);
    expect(await focused()).toBe('targets');
  });

  it('is told of each part by itself when one of them fails', async () => {
    await page.route('**/self/heal/runs*', (route) => route.fulfill({ status: 500, body: 'oops' }));
    await open.says('healing', /not known|unknown/i);
    await open.says('targets', 'in use');
    await open.says('alerts', 'Nothing to tell anybody.');
    await open.says('sentence', 'Healthy');
  });

  it('goes about by keys, none of which does anything to the node, and can switch them off', async () => {
    await show(target('alpha', 'closed'), target('beta', 'open'));
    await expect.poll(names, WAIT).toHaveLength(2);
    const part = (): Promise<string> => page.evaluate('document.activeElement.querySelector("h2")?.textContent');
    for (const [keys, title] of [
      ['gh', 'Healing'],
      ['gt', 'Targets'],
      ['gs', 'Status'],
    ] as const) {
      await page.keyboard.type(keys);
      expect(await part()).toBe(title);
    }
    await page.keyboard.press('/');
    expect(await focused()).toBe('filter');
    await page.keyboard.type('?alph');
    expect(await page.locator('dialog').count()).toBe(0);
    await page.keyboard.press('Home');
    await page.keyboard.press('Delete');
    await open.says('filter-found', '1 of 2 shown');
    expect(await page.locator('#targets strong:visible').allTextContents()).toEqual(['alpha']);
    await page.keyboard.press('Escape');
    await open.says('filter-found', /^$/);
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('Control+/');
    expect(await focused()).not.toBe('filter');
    await page.keyboard.press('?');
    expect(await open.violations()).toEqual([]);
    await page.getByRole('checkbox', { name: /^Keys are on/ }).uncheck();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    expect(await page.locator('dialog').count()).toBe(0);
    await open.button(/^Keys/).click();
    await page.getByRole('checkbox', { name: /^Keys are on/ }).check();
    await open.button('Close').click();
    const looks = open.asked.length;
    await page.keyboard.press('r');
    await expect.poll(() => open.asked.length).toBeGreaterThan(looks);
    expect(open.asked.filter((one) => !one.startsWith('GET'))).toEqual([]);
  });

  it('chooses the colours, which hold for the next time before anything is drawn', async () => {
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.getByLabel('Theme').selectOption('dark');
    const dark = await ground();
    expect(dark).not.toBe(light);
    expect(await open.violations()).toEqual([]);
    // The page's own program never comes: what is seen is what is seen first.
    await page.route('**/assets/dashboard/**', () => undefined);
    await page.reload({ waitUntil: 'commit' });
    await page.locator('#sentence').waitFor();
    expect(await ground()).toBe(dark);
    await page.unrouteAll();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.reload();
    await page.getByLabel('Theme').selectOption('light');
    expect(await ground()).toBe(light);
  });

  it('sees hostile texts as texts, on a phone too', async () => {
    const evil = `${HOSTILE} ${LONG} ${TURNED}`;
    await page.setViewportSize({ width: 360, height: 800 });
    await page.route('**/health', async (route) => {
      const body = (await (await route.fetch()).json()) as object;
      const conditions = [{ name: evil, severity: 'unhealthy', reason: evil, since: evil }];
      await route.fulfill({
        json: { ...body, summary: `Degraded: ${evil}`, state: 'degraded', upstream: evil, conditions },
      });
    });
    await page.route('**/metrics', (route) =>
      route.fulfill({
        json: { requests_total: 1, uptime_start: evil, model_usage: { [evil]: 1 }, model_429_count: { [LONG]: 2 } },
      }),
    );
    await page.route('**/self/circuits', (route) =>
      route.fulfill({
        json: { circuits: [target(evil, 'open', { reason: { rule: evil, cause: evil }, since: evil })] },
      }),
    );
    await page.route('**/self/heal/runs*', (route) => {
      const step = { name: evil, result: evil };
      const run = {
        run_id: evil,
        timestamp: evil,
        by: evil,
        level: evil,
        cause: evil,
        reason: evil,
        steps: [step],
        verdict: evil,
      };
      return route.fulfill({ json: { items: [{ ...run, verdict_reason: evil }] } });
    });
    await page.route('**/self/alerts', (route) =>
      route.fulfill({
        json: { alerts: [{ name: evil, severity: evil, state: 'firing', summary: evil, since: evil }] },
      }),
    );
    for (const id of ['targets', 'healing', 'alerts', 'sentence']) await open.says(id, HOSTILE);
    await page.locator('#healing summary').click();
    const width = (): Promise<number> => page.evaluate('document.documentElement.scrollWidth');
    expect(await width()).toBeLessThanOrEqual(360);
    await open.button(/^Isolate/).click();
    expect(await page.evaluate('document.querySelector("dialog").scrollWidth')).toBeLessThanOrEqual(360);
    await page.getByLabel(/^Reason/).fill(evil.slice(0, 200));
    await open.button('Isolate').click();
    await expect.poll(() => page.locator('dialog').textContent(), WAIT).toContain('There is no circuit of this name');
    expect(await page.evaluate('document.querySelector("dialog").scrollWidth')).toBeLessThanOrEqual(360);
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox', { name: 'Filter' }).fill('onerror');
    await open.says('filter-found', '1 of 1 shown');
    expect(await width()).toBeLessThanOrEqual(360);
  });
});
