import { describe, expect, it } from 'vitest';
import { firstCallLine } from './first-call.js';
import { landingLine, wantsPage } from './landing.js';

describe('wantsPage', () => {
  it.each([
    [undefined, false],
    ['*/*', false],
    ['text/plain', false],
    ['application/json', false],
    ['text/htmlx', false],
    ['*/*,text/html;q=0', false],
    ['text/html', true],
    ['TEXT/HTML;q=0.5, */*', true],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  ])('%s: %s', (accept, page) => {
    expect(wantsPage(accept)).toBe(page);
  });
});

describe('landingLine', () => {
  const facts = { version: '1.2.3', summary: 'Healthy.', upstream: 'gemini' };

  it('is one line and names the docs only where they are', () => {
    expect(landingLine({ ...facts, docs: true })).toBe('L104 Node 1.2.3 · Healthy. · upstream: gemini · docs: /docs\n');
    expect(landingLine({ ...facts, docs: false })).toBe('L104 Node 1.2.3 · Healthy. · upstream: gemini\n');
  });
});

describe('firstCallLine', () => {
  it('can be pasted into a shell', () => {
    expect(firstCallLine({ origin: 'http://127.0.0.1:9000', model: 'm', keyVariable: undefined })).toBe(
      `curl http://127.0.0.1:9000/v1beta/models/m:generateContent -H 'content-type: application/json' -d '{"contents":[{"parts":[{"text":"Hello"}]}]}'`,
    );
  });

  it('names the key where one is needed', () => {
    expect(firstCallLine({ origin: 'http://n', model: 'm', keyVariable: 'GEMINI_API_KEY' })).toContain(
      ` -H "x-goog-api-key: $GEMINI_API_KEY" `,
    );
  });

  it('takes no address that a shell would read as more than one', () => {
    expect(firstCallLine({ origin: 'http://x;reboot', model: 'm', keyVariable: undefined })).not.toContain('reboot');
  });
});
