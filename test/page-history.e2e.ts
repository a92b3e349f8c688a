import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HistoryRecorder } from '../src/metrics/index.js';
import { setStage, type Stage } from './support/boot.js';
import { hasTool } from './support/tool.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const POLICY_BREACH = /content security policy|trusted/i;

describe.runIf(hasTool('chromium', 'the plots in a real browser'))('the history on the page', () => {
  let stage: Stage;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    stage = await setStage({ WATCHDOG_LOOP_DELAY_LIMIT: '1m' });
    const recorder = stage.node.app.get(HistoryRecorder);
    await recorder.sample();
    for (let n = 0; n < 5; n++) await call();
    await recorder.sample();
    await fetch(`${stage.node.url}/self/heal`, { method: 'POST' });
    const executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-quic'] });
    page = await open({ width: 1100, height: 900 }, 'light');
  });
  afterAll(async () => {
    await browser.close();
    await stage.close();
  });

  const call = async (): Promise<void> => {
    const response = await fetch(`${stage.node.url}/v1beta/models/gemini-2.5-flash:generateContent`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
      body: '{"contents":[{"parts":[{"text":"Hello"}]}]}',
    });
    await response.text();
  };
  /** A page whose plots are drawn. */
  const open = async (viewport: { width: number; height: number }, colorScheme: 'light' | 'dark'): Promise<Page> => {
    const opened = await browser.newPage({ viewport, colorScheme });
    opened.on('console', (message) => complaints.push(message.text()));
    opened.on('pageerror', (error) => complaints.push(error.message));
    await opened.goto(`${stage.node.url}/`);
    await opened.locator('#history').scrollIntoViewIfNeeded();
    await opened.locator('#plot-memory-canvas canvas').waitFor();
    return opened;
  };
  const violations = (on: Page): Promise<string[]> =>
    on.evaluate(
      `${AXE}; axe.run('#history').then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
    );
  const requests = (on: Page): Promise<string | null> => on.locator('#plot-traffic-summary').textContent();

  it('draws each plot and says in words what it shows', async () => {
    expect(await page.locator('#history canvas').count()).toBe(9);
    expect(await requests(page)).toMatch(/^Requests: .+\/min.*\. Errors: 0\/min throughout\.$/);
    expect(await page.locator('#plot-answered-summary').textContent()).toBe('Answered: 100 % throughout.');
    expect(await page.locator('#history-note').textContent()).toContain('10 seconds');
    expect(await page.locator('#history-heals summary').textContent()).toContain('1 heal in this time');
    // A plot of one colour would be empty.
    const colours = await page.evaluate<number>(`(() => {
      const canvas = document.querySelector('#plot-memory-canvas canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    })()`);
    expect(colours).toBeGreaterThan(5);
  });

  it('says what is under the pointer, in local time and UTC', async () => {
    await page.locator('#plot-memory-canvas').scrollIntoViewIfNeeded();
    const box = (await page.locator('#plot-memory-canvas .u-over').boundingBox())!;
    // A first movement only enters: uPlot follows those that go somewhere.
    for (const left of [40, 20, 3]) await page.mouse.move(box.x + box.width - left, box.y + 20);
    await expect.poll(() => page.locator('#plot-memory-pointed').textContent()).toMatch(/UTC\) · Heap .+ · Resident/);
  });

  it('has the values of a plot as a table', async () => {
    const toggle = page.locator('#plot-traffic-toggle');
    await toggle.click();
    expect(await toggle.getAttribute('aria-expanded')).toBe('true');
    const rows = await page.locator('#plot-traffic-table tbody tr').count();
    expect(rows).toBeGreaterThan(10);
    expect(rows).toBeLessThanOrEqual(100);
    expect(await page.locator('#plot-traffic-table thead').textContent()).toBe('TimeRequestsErrors');
    expect(await violations(page)).toEqual([]);
    await toggle.click();
    expect(await page.locator('#plot-traffic-table').isVisible()).toBe(false);
  });

  it('shows other times, by the keyboard too', async () => {
    await page.locator('#range-1h').focus();
    const asked = page.waitForResponse((response) => response.url().includes('/metrics/history'));
    await page.keyboard.press('ArrowRight');
    const { from, to } = (await (await asked).json()) as { from: number; to: number };
    expect(to - from).toBeGreaterThanOrEqual(6 * 3600);
    expect(await page.locator('#range-6h').isChecked()).toBe(true);
    await expect.poll(() => page.locator('#history-note').textContent()).toContain('minute');
  });

  it('is whole on a phone in the dark', async () => {
    const phone = await open({ width: 360, height: 740 }, 'dark');
    const wide = await phone.evaluate<number>('document.documentElement.scrollWidth');
    expect(wide).toBe(360);
    expect((await phone.locator('#plot-load-canvas canvas').boundingBox())!.width).toBeLessThan(340);
    expect(await violations(phone)).toEqual([]);
    await phone.close();
  });

  it('keeps to the rules for pages, and to few bytes', async () => {
    expect(complaints.filter((text) => POLICY_BREACH.test(text))).toEqual([]);
    const bytes = await page.evaluate<number>(
      `performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).reduce((sum, { transferSize }) => sum + transferSize, 0)`,
    );
    expect(bytes).toBeLessThan(150_000);
  });

  it('says so when the node is not heard, and keeps what it has', async () => {
    await page.route('**/metrics/history*', (route) => route.abort());
    await page.locator('#range-15m').check({ force: true });
    await expect.poll(() => page.locator('#history-note').textContent()).toContain('no history at the moment');
    expect(await page.locator('#plot-memory-canvas canvas').isVisible()).toBe(true);
  });

  it('says why where the history is kept back', async () => {
    await page.route('**/metrics/history*', (route) => route.fulfill({ status: 401, body: '{}' }));
    await page.locator('#range-1h').check({ force: true });
    await expect.poll(() => page.locator('#history-note').textContent()).toContain('METRICS_TOKEN');
    expect(await page.locator('#history-plots').isVisible()).toBe(false);
  });
});
