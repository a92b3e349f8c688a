import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from './support/asking.js';
import { setStage, type Stage } from './support/boot.js';
import { launch, OpenPage, WAIT } from './support/open-page.js';
import { hasTool } from './support/tool.js';

describe.runIf(hasTool('chromium', 'dialogs of the page'))(
  'what an administrator does on the page',
  { timeout: 60_000 },
  () => {
    let browser: Browser;
    let context: BrowserContext;
    let stage: Stage;
    let open: OpenPage;
    let page: Page;
    beforeAll(async () => {
      browser = await launch();
    });
    beforeEach(async () => {
      stage = await setStage({ MAX_RETRY_ATTEMPTS: '1', WATCHDOG_LOOP_DELAY_LIMIT: '1m' });
      await (await call()).text();
      context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
      open = await OpenPage.open(context, `${stage.node.url}/?refresh=3600`);
      ({ page } = open);
      await open.live();
    });
    afterEach(async () => {
      expect(open.breaches).toEqual([]);
      await context.close();
      await stage.close();
    });
    afterAll(() => browser.close());

    const call = (): Promise<Response> => ask(stage.node.url, { form: 'gemini' });
    const dialogSays = async (text: string | RegExp): Promise<void> => {
      await expect.poll(() => page.locator('dialog').textContent(), WAIT).toMatch(text);
    };
    const focused = (): Promise<string> =>
      page.evaluate('document.activeElement.textContent || document.activeElement.id');

    it('isolates for a reason, which others read, and undoes it', async () => {
      await open.button(/^Isolate/).click();
      expect(await open.violations()).toEqual([]);
      expect(await focused()).toBe('dialog-reason');
      // Without a reason nothing is done.
      await page.keyboard.press('Enter');
      expect((await call()).status).toBe(200);
      await page.keyboard.type('it is <b>slow</b>');
      await page.keyboard.press('Enter');
      await dialogSays('is taken out.');
      expect(await focused()).toBe('Close');
      expect((await call()).status).toBe(503);
      await expect.poll(() => page.locator('#targets').textContent(), WAIT).toContain('it is <b>slow</b>');
      await open.button('Undo: release').click();
      await dialogSays('is in use again.');
      expect((await call()).status).toBe(200);
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      await open.says('done', 'is in use again.');
      // The button has another word now, and is the same button still.
      await expect.poll(focused, WAIT).toBe('Isolate');
    });

    it('does nothing when a dialog is left, and gives the focus back', async () => {
      await open.button(/^Isolate/).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.type('no');
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      expect(await focused()).toBe('Isolate');
      expect((await call()).status).toBe(200);
      expect(open.asked.filter((one) => one.startsWith('POST'))).toEqual([]);
    });

    it('shows the plan of a heal, heals what is chosen, step by step, and tells the verdict', async () => {
      const posted: unknown[] = [];
      let answer: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (answer = resolve));
      // The node heals faster than one can read: its answer waits until what the events told was seen.
      await page.route('**/self/heal', async (route) => {
        posted.push(route.request().postDataJSON());
        const response = await route.fetch();
        await held;
        await route.fulfill({ response });
      });
      await open.button('Heal now …').click();
      await dialogSays('circuit breaker reset (light): part of every heal');
      expect(await open.violations()).toEqual([]);
      for (const box of await page.getByRole('checkbox').all()) await box.uncheck();
      await open.button('Heal').click();
      await dialogSays('Choose at least one step.');
      await page.getByRole('checkbox', { name: /^memory checked/ }).check();
      await page.getByRole('checkbox', { name: /^rate limits cleared/ }).check();
      await open.button('Heal').click();
      await dialogSays(/✔ done memory checked✔ done rate limits cleared/);
      await expect.poll(() => page.locator('dialog').textContent()).not.toContain('Heal done');
      answer();
      await dialogSays('Heal done: nothing was wrong.');
      expect(await open.violations()).toEqual([]);
      expect(posted).toEqual([
        {
          check_memory: true,
          clear_model_errors: false,
          reset_circuit_breaker: false,
          reset_http_client: false,
          reset_rate_limits: true,
        },
      ]);
      await open.says('healing', /asked for by hand → medium.*nothing was wrong/);
    });

    it('tells in words why there is no plan, and then heals nothing', async () => {
      for (const [status, detail, words] of [
        [503, 'The node is shutting down.', 'The node is shutting down.'],
        [401, 'Send the admin token.', 'Sign in first. Send the admin token.'],
        [200, undefined, 'The node gave no plan, so nothing was done.'],
      ] as const) {
        await page.unrouteAll();
        await page.route('**/self/heal/plan', (route) =>
          route.fulfill({ status, json: detail === undefined ? {} : { detail } }),
        );
        await open.button('Heal now …').click();
        await dialogSays(words);
        expect(await open.button('Heal').count()).toBe(0);
        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
      }
      expect(open.asked).not.toContain('POST /self/heal');
    });

    it('copies a heal as JSON and as a line for a shell', async () => {
      const run = (await (await fetch(`${stage.node.url}/self/heal`, { method: 'POST' })).json()) as { run_id: string };
      await page.locator('#healing summary').click();
      await open.button('Copy as curl').click();
      await open.says('done', 'Copied.');
      const clipboard = (): Promise<string> => page.evaluate('navigator.clipboard.readText()');
      const line = await clipboard();
      expect(line).toBe(
        `curl -s '${stage.node.url}/self/heal/runs/${run.run_id}' -H "Authorization: Bearer $ADMIN_TOKEN"`,
      );
      await open.button('Copy as JSON').click();
      await expect.poll(async () => (JSON.parse(await clipboard()) as { run_id?: string }).run_id).toBe(run.run_id);
    });

    it('silences an alert for as long as is chosen, and ends that', async () => {
      stage.simulator.faults.preset('outage', 60_000);
      for (let n = 0; n < 6; n++) await (await call()).text();
      await open.button('Silence …: CircuitOpen').click();
      await page.getByLabel('8 hours').check();
      await page.getByLabel(/^Reason/).fill('known');
      expect(await open.violations()).toEqual([]);
      await open.button('Silence').click();
      await dialogSays('CircuitOpen is silent.');
      const { silences } = (await (await fetch(`${stage.node.url}/self/alerts/silences`)).json()) as {
        silences: { until: string; reason: string }[];
      };
      expect(silences).toMatchObject([{ reason: 'known' }]);
      expect((Date.parse(silences[0]?.until ?? '') - Date.now()) / 3_600_000).toBeCloseTo(8, 0);
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      await open.button('End silence: CircuitOpen').click();
      await open.button('End silence').click();
      await dialogSays('CircuitOpen is told again.');
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      await open.button('Silence …: CircuitOpen').waitFor(WAIT);
    });
  },
);
