import { type Browser, type BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, many } from './support/asking.js';
import { setStage, type Stage } from './support/boot.js';
import { launch, OpenPage, WAIT } from './support/open-page.js';
import { hasTool } from './support/tool.js';

/** Longer than any test: what is seen sooner has come by an event. */
const BY_EVENTS = '/?refresh=3600';
const EVENTS = 'GET /self/events';

describe.runIf(hasTool('chromium', 'tabs that share a stream'))('the events on the page', { timeout: 60_000 }, () => {
  let browser: Browser;
  let context: BrowserContext;
  let stage: Stage;
  beforeAll(async () => {
    browser = await launch();
    stage = await setStage({ WATCHDOG_LOOP_DELAY_LIMIT: '1m' });
    await (await ask(stage.node.url, { form: 'gemini' })).text();
  });
  beforeEach(async () => {
    context = await browser.newContext();
  });
  afterEach(() => context.close());
  afterAll(async () => {
    await browser.close();
    await stage.close();
  });

  const open = (address = BY_EVENTS, into = context): Promise<OpenPage> =>
    OpenPage.open(into, stage.node.url + address);
  const circuit = async (act: 'isolate' | 'release'): Promise<void> => {
    const { circuits } = (await (await fetch(`${stage.node.url}/self/circuits`)).json()) as {
      circuits: { name: string }[];
    };
    const path = `/self/circuits/${encodeURIComponent(circuits[0]?.name ?? '')}/${act}`;
    expect((await fetch(stage.node.url + path, { method: 'POST' })).status).toBe(200);
  };

  it('come to seven tabs by one stream, and go on when the tab that reads it is closed', async () => {
    const tabs: OpenPage[] = [];
    for (let n = 0; n < 7; n++) tabs.push(await open());
    await Promise.all(tabs.map((tab) => tab.live()));
    const readers = (): OpenPage[] => tabs.filter(({ asked }) => asked.includes(EVENTS));
    expect(readers()).toHaveLength(1);
    await circuit('isolate');
    await Promise.all(tabs.map((tab) => tab.says('targets', 'taken out by an operator')));
    const [first] = readers();
    await first?.page.close();
    const left = tabs.filter((tab) => tab !== first);
    await expect.poll(() => left.filter(({ asked }) => asked.includes(EVENTS)), WAIT).toHaveLength(1);
    await Promise.all(left.map((tab) => tab.live()));
    await circuit('release');
    await Promise.all(left.map((tab) => tab.says('targets', 'in use')));
  });

  it('are left to another tab by one that is hidden, which looks again when it is seen', async () => {
    const [one, other] = [await open(), await open()];
    await Promise.all([one.live(), other.live()]);
    const see = (tab: OpenPage, state: string): Promise<unknown> =>
      tab.page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`);
    const [reader, listener] = one.asked.includes(EVENTS) ? [one, other] : [other, one];
    await see(reader, 'hidden');
    await expect.poll(() => listener.asked, WAIT).toContain(EVENTS);
    await listener.live();
    await circuit('isolate');
    await listener.says('targets', 'taken out');
    expect(await reader.page.locator('#targets').textContent()).not.toContain('taken out');
    await see(reader, 'visible');
    await reader.says('targets', 'taken out');
    await circuit('release');
    await Promise.all([one, other].map((tab) => tab.says('targets', 'in use')));
  });

  it('reach tabs that have no locks, as those of pages without TLS, by one stream too', async () => {
    await context.addInitScript(`Object.defineProperty(navigator, 'locks', { value: undefined })`);
    const tabs = await Promise.all(many(3, () => open()));
    await Promise.all(tabs.map((tab) => tab.live()));
    await circuit('isolate');
    await Promise.all(tabs.map((tab) => tab.says('targets', 'taken out')));
    await circuit('release');
    await Promise.all(tabs.map((tab) => tab.says('targets', 'in use')));
  });

  it('are said to be blocked where they are, while the page goes on by looking, and come back', async () => {
    await context.route('**/self/events', (route) => route.abort());
    const tab = await open('/?refresh=1');
    await tab.says('live', /^◐ polling every 1 s, events are blocked; \d s ago$/);
    await circuit('isolate');
    await tab.says('targets', 'taken out');
    await context.unroute('**/self/events');
    await tab.live();
    await circuit('release');
  });

  it('lead to a look where the stream says that something was missed', async () => {
    await context.route('**/self/events', async (route) => {
      await circuit('isolate');
      await route.fulfill({ contentType: 'text/event-stream', body: 'retry: 60000\n\nevent: resync\ndata: {}\n\n' });
    });
    await (await open()).says('targets', 'taken out');
    await circuit('release');
  });
});

describe.runIf(hasTool('chromium', 'a page that is refused'))('who has no rights', { timeout: 60_000 }, () => {
  it('is refused once for each thing, until access changes in any tab', async () => {
    const stage = await setStage({ ADMIN_TOKEN: 'a-token-of-administrators' });
    const browser = await launch();
    const context = await browser.newContext();
    const [tab, other] = [
      await OpenPage.open(context, `${stage.node.url}/?refresh=1`),
      await OpenPage.open(context, `${stage.node.url}/?refresh=1`),
    ];
    const count = ({ asked }: OpenPage, path: string): number => asked.filter((one) => one === `GET ${path}`).length;
    await expect.poll(() => count(tab, '/health'), WAIT).toBeGreaterThan(3);
    await tab.says('targets', /Sign in|administrator/);
    for (const path of ['/self/circuits', '/self/alerts', '/self/overview']) expect(count(tab, path), path).toBe(1);
    expect(count(tab, '/self/events') + count(other, '/self/events')).toBeLessThanOrEqual(2);
    await tab.says('live', /^◐ polling every 1 s, \d s ago$/);
    await tab.page.evaluate(`document.dispatchEvent(new Event('l104:look'))`);
    for (const one of [tab, other]) await expect.poll(() => count(one, '/self/circuits'), WAIT).toBe(2);
    await browser.close();
    await stage.close();
  });
});
