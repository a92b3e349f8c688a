import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Patience with a browser that shares its machine, ms. */
export const WAIT = { timeout: 20_000 };

/** A real browser. */
export function launch(): Promise<Browser> {
  const executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-quic'] });
}

/** The page of a node in a browser, with what a test asks of it. */
export class OpenPage {
  /** What the page has complained of. */
  readonly complaints: string[] = [];
  /** Paths the page has asked for since it was opened, with their method. */
  readonly asked: string[] = [];

  private constructor(readonly page: Page) {
    page.on('console', (message) => this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('request', (request) => {
      this.asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
    });
  }

  /** Opens it; `prepare` sets the browser's page up before it loads. */
  static async open(
    into: Browser | BrowserContext,
    url: string,
    prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<OpenPage> {
    const opened = new OpenPage(await into.newPage());
    await prepare(opened.page);
    await opened.page.goto(url);
    return opened;
  }

  /** The same in a window of a width (CSS pixels), and in light or dark. */
  static sized(into: Browser, url: string, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<OpenPage> {
    return OpenPage.open(into, url, async (page) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
    });
  }

  /** Waits until an element says something. */
  async says(id: string, text: string | RegExp): Promise<void> {
    await expect.poll(() => this.page.locator(`#${id}`).textContent(), WAIT).toMatch(text);
  }

  /** Waits until the page follows the events. */
  async live(): Promise<void> {
    await this.says('live', '● live');
  }

  button(name: string | RegExp): ReturnType<Page['getByRole']> {
    return this.page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }

  /** Violations of accessibility, of the dialog alone where one is open. */
  violations(): Promise<string[]> {
    return this.page.evaluate(
      `${AXE}; axe.run(document.querySelector('dialog[open]') ?? document)
        .then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
    );
  }

  /** What of the complaints is a breach of the rules for what may run. */
  get breaches(): string[] {
    return this.complaints.filter((text) => /content security policy|trusted/i.test(text));
  }
}
