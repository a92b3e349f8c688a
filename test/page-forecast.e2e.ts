import { DiscoveryService } from '@nestjs/core';
import { type Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type VitalFigure, vitals } from '../src/watchdog/index.js';
import { setStage, type Stage } from './support/boot.js';
import { launch, OpenPage } from './support/open-page.js';
import { told } from './support/told.js';
import { hasTool } from './support/tool.js';

const LIKELY =
  /^Healthy, but running out of file descriptors is likely within 1 min \((over )?\d\d %\); no repair is made before\. You can: raise/;

describe.runIf(hasTool('chromium', 'forecasts on the page'))('forecasts on the page', { timeout: 120_000 }, () => {
  let browser: Browser;
  let stage: Stage;
  let seen: OpenPage;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await seen.page.close();
    await stage.close();
  });

  const open = async (width: number, colorScheme: 'light' | 'dark'): Promise<void> => {
    seen = await OpenPage.sized(browser, `${stage.node.url}/`, width, colorScheme);
  };

  const sections = (): Promise<string[]> => seen.page.locator('main > section > h2').allTextContents();

  /** Lets the file descriptors read as if they ran out: two percent of the limit in a second. */
  function fill(): void {
    const found = vitals.collect(stage.node.app.get(DiscoveryService, { strict: false }));
    const vital = found.find(({ name }) => name === 'file_descriptors')!;
    const begun = performance.now();
    const real = vital.figures!.bind(vital);
    vital.figures = (): VitalFigure[] =>
      real().map((figure) => ({ ...figure, limit: 1000, value: 600 + (performance.now() - begun) / 50 }));
  }

  it('are told at the top and in their section, on every screen', async () => {
    stage = await setStage({ WATCHDOG_INTERVAL: '1s', FORECAST_HORIZON: '30s' });
    await open(1100, 'light');
    await seen.says('forecast', /File descriptorsnot (known before \d|known: not read yet)/);
    const before = await sections();
    fill();
    await expect.poll(async () => (await told(stage.node.url)).summary, { timeout: 90_000 }).toMatch(LIKELY);
    await seen.says('sentence', LIKELY);
    await seen.says('forecast', /Disk, free(no sign of it|possible)/);
    expect(await sections()).toEqual(before);
    expect(before[before.indexOf('Forecast') + 1]).toBe('Vitals');
    for (const width of [1100, 360])
      for (const scheme of ['light', 'dark'] as const) {
        await seen.page.close();
        await open(width, scheme);
        await seen.says('forecast', /File descriptorslikely within 1 min \((over )?\d\d %\)Raise the limit/);
        await seen.says('alerts', /is likely within 1 min/);
        expect(await seen.page.locator('#sentence').textContent()).toMatch(LIKELY);
        expect(await seen.page.title()).toBe('◇ Watch · L104 Node');
        expect(await seen.page.locator('#status').getAttribute('data-tone')).toBe('info');
        expect(await seen.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        expect(await seen.violations()).toEqual([]);
        expect(seen.breaches).toEqual([]);
      }
  });

  it('are not made while the watchdog is off, and the page says so', async () => {
    stage = await setStage({ ENABLE_WATCHDOG_ENV: 'false' });
    await open(1100, 'light');
    await seen.says('forecast', 'No forecasts are made: the watchdog is off (ENABLE_WATCHDOG_ENV)');
    expect(await seen.violations()).toEqual([]);
  });
});
