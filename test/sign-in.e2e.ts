import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from './support/asking.js';
import { setStage, type Stage } from './support/boot.js';
import { TOKEN } from './support/signing-in.js';
import { hasTool } from './support/tool.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WAIT = { timeout: 20_000 };

describe.runIf(hasTool('chromium', 'signing in with a real browser'))('signing in', { timeout: 60_000 }, () => {
  let browser: Browser;
  let stage: Stage;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    const executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-quic'] });
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
  async function newPage(): Promise<Page> {
    const opened = await context.newPage();
    opened.on('console', (message) => complaints.push(message.text()));
    opened.on('pageerror', (error) => complaints.push(`PAGE ${error.message}`));
    await opened.goto(`${stage.node.url}/`);
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
    await says('history-note', 'One point for each');
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
