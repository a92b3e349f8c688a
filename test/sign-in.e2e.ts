import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo } from 'node:net';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from './support/asking.js';
import { setStage, type Stage } from './support/boot.js';
import { call, journalled, TOKEN } from './support/signing-in.js';
import { hasTool } from './support/tool.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WAIT = { timeout: 20_000 };
/** A name without HTTPS that is not loopback: there browsers tell no site of a request. */
const PLAIN_NAME = 'node.test';

describe.runIf(hasTool('chromium', 'signing in with a real browser'))('signing in', { timeout: 60_000 }, () => {
  let browser: Browser;
  let stage: Stage;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    const executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-quic', `--host-resolver-rules=MAP ${PLAIN_NAME} 127.0.0.1`],
    });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    stage = await setStage({ ADMIN_TOKEN: TOKEN, METRICS_TOKEN: 'the-metrics-token' });
    await ask(stage.node.url, { form: 'gemini' });
    await open();
  });
  afterEach(async () => {
    await context.close();
    await stage.close();
  });

  async function open(width = 1100, colorScheme: 'light' | 'dark' = 'light'): Promise<void> {
    context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    page = await newPage();
  }
  async function newPage(url = stage.node.url): Promise<Page> {
    const opened = await context.newPage();
    opened.on('console', (message) => complaints.push(message.text()));
    opened.on('pageerror', (error) => complaints.push(`PAGE ${error.message}`));
    await opened.goto(`${url}/`);
    return opened;
  }
  const says = (id: string, text: string | RegExp, on = page): Promise<void> =>
    expect.poll(() => on.locator(`#${id}`).textContent(), WAIT).toMatch(text);
  const violations = (): Promise<string[]> =>
    page.evaluate(
      `${AXE}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
    );
  const focused = (): Promise<string> => page.evaluate<string>('document.activeElement.id');
  /** By the keyboard alone, as somebody without a pointer does. */
  async function signIn(token: string): Promise<void> {
    await page.locator('#sign-in').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type(token);
    await page.keyboard.press('Enter');
  }

  it('shows at once what was kept back, lets an administrator act, and takes it away again', async () => {
    await says('targets', 'Sign in at the top of this page');
    await says('feel', 'Sign in with ADMIN_TOKEN');
    await signIn(TOKEN);
    await says('session-said', /^Signed in until /);
    await says('targets', 'in use');
    await says('healing', 'No heal was needed');
    await says('alerts', 'Nothing to tell anybody.');
    await says('feel', 'Requests/min');
    // The first point comes at the next full ten seconds.
    await says('history-note', /One point for each|The first point comes/);
    expect(await focused()).toBe('sign-out');
    expect(await violations()).toEqual([]);

    await page.getByRole('button', { name: /^Isolate/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('maintenance');
    await dialog.getByRole('button', { name: 'Isolate' }).click();
    await dialog.getByText('is taken out').waitFor();
    await page.keyboard.press('Escape');
    await says('targets', 'taken out by an operator');

    await page.getByRole('button', { name: 'Sign out' }).click();
    await says('session-said', 'You are signed out.');
    for (const id of ['targets', 'healing', 'alerts', 'vitals', 'limits'])
      await says(id, 'Sign in at the top of this page');
    await says('feel', 'Sign in with ADMIN_TOKEN');
    await says('history-note', 'Sign in with ADMIN_TOKEN');
    expect(await focused()).toBe('sign-in');
    expect(await context.cookies()).toEqual([]);
    expect(complaints.filter((text) => /content security policy|trusted|^PAGE/i.test(text))).toEqual([]);
  });

  it('tells in words that a token was wrong, and takes the right one after it', async () => {
    await signIn('not-the-token');
    await says('sign-in-error', 'The node did not take this token.');
    expect(await page.locator('#sign-in-token').getAttribute('aria-invalid')).toBe('true');
    expect(await focused()).toBe('sign-in-token');
    expect(await violations()).toEqual([]);
    await page.keyboard.type(TOKEN);
    await page.keyboard.press('Enter');
    await says('session-said', /^Signed in until /);
    expect(page.url()).toBe(`${stage.node.url}/`);
  });

  it('opens and closes by the keyboard, and forgets what was typed', async () => {
    await page.locator('#sign-in').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#sign-in').getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.type('half a tok');
    await page.keyboard.press('Escape');
    expect(await page.locator('#sign-in-form').isVisible()).toBe(false);
    expect(await focused()).toBe('sign-in');
    await page.keyboard.press('Enter');
    expect(await page.locator('#sign-in-token').inputValue()).toBe('');
  });

  it('keeps the session where no program of the page can read it, for other tabs and the next visit', async () => {
    await signIn(TOKEN);
    await says('session-said', /^Signed in until /);
    expect(await page.evaluate<string>('document.cookie')).toBe('');
    expect(await context.cookies()).toMatchObject([{ name: 'l104_session', httpOnly: true, sameSite: 'Strict' }]);
    const stored = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
    expect(stored).not.toContain(TOKEN);
    const other = await newPage();
    await says('targets', 'in use', other);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await says('session-said', 'You are signed out.', other);
    await page.bringToFront();
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    await says('targets', 'Sign in at the top of this page');
  });

  it('works over plain HTTP too, where browsers say less of where a request comes from', async () => {
    page = await newPage(stage.node.url.replace('127.0.0.1', PLAIN_NAME));
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await signIn(TOKEN);
    expect((await (await sent).allHeaders())['sec-fetch-site']).toBeUndefined();
    await says('session-said', /^Signed in until /);
    await says('targets', 'in use');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await says('session-said', 'You are signed out.');
  });

  it('gives nothing to a page next door, to which the browser lends the cookie', async () => {
    await signIn(TOKEN);
    await says('session-said', /^Signed in until /);
    const neighbour = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Next door</title>');
    });
    await new Promise<void>((resolve) => neighbour.listen(0, '127.0.0.1', resolve));
    const other = await newPage(`http://127.0.0.1:${(neighbour.address() as AddressInfo).port}`);
    const heal = `${stage.node.url}/self/heal`;
    await other.evaluate(`fetch('${heal}', { method: 'POST', credentials: 'include', mode: 'no-cors' })`);
    const read = `fetch('${stage.node.url}/self/circuits', { credentials: 'include' }).then((r) => r.text(), () => 'kept back')`;
    expect(await other.evaluate<string>(read)).toBe('kept back');
    const left = other.waitForResponse(heal);
    await other.evaluate(
      `document.body.append(Object.assign(document.createElement('form'), { method: 'POST', action: '${heal}' })); document.forms[0].submit()`,
    );
    expect((await left).status()).toBe(403);
    // The cookie did come along: what stopped them was the node.
    await expect.poll(() => journalled(stage.node)).toHaveLength(3);
    const [, ...refused] = await journalled(stage.node);
    for (const { outcome, who } of refused) expect([outcome, who.slice(0, 8)]).toEqual([403, 'session:']);
    const runs = await call(stage.node, 'GET', '/self/heal/runs', { authorization: `Bearer ${TOKEN}` });
    expect(((await runs.json()) as { items: unknown[] }).items).toEqual([]);
    neighbour.close();
    neighbour.closeAllConnections();
  });

  it('is whole on a phone in the dark', async () => {
    await context.close();
    await open(360, 'dark');
    await signIn('not-the-token');
    await says('sign-in-error', 'The node did not take this token.');
    expect(await violations()).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(360);
  });
});

describe.runIf(hasTool('chromium', 'signing in with a real browser'))('where there is no token', () => {
  it('nothing is offered', async () => {
    const executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
    const [stage, browser] = [await setStage(), await chromium.launch({ executablePath, args: ['--no-sandbox'] })];
    const page = await browser.newPage();
    const told = page.waitForResponse(`${stage.node.url}/self/session`);
    await page.goto(`${stage.node.url}/`);
    expect(await (await told).json()).toEqual({ access: 'local', sign_in: false });
    await expect.poll(() => page.locator('#targets').textContent(), WAIT).toMatch('No model has been asked');
    expect(await page.getByRole('button', { name: /^Sign/ }).count()).toBe(0);
    await browser.close();
    await stage.close();
  });
});
