import { describe, expect, it } from 'vitest';
import { toHtml } from './element.js';
import { askAgainMs, readAccess, refusalWords, sessionControls, signInForm } from './session-form.js';

const controls = (access: string, signIn = true): string =>
  sessionControls({ access, until: null, signIn }).map(toHtml).join('');

it('reads what the node tells, and nothing else', () => {
  expect(readAccess({ access: 'session', expires_at: '2026-01-01T12:00:00.000Z', sign_in: true })).toEqual({
    access: 'session',
    until: '2026-01-01T12:00:00.000Z',
    signIn: true,
  });
  expect(readAccess({ access: 'local' })).toEqual({ access: 'local', until: null, signIn: false });
  for (const body of [null, undefined, [], 'session', { access: 7 }]) expect(readAccess(body)).toBeUndefined();
});

describe('the header offers', () => {
  it('a way in to who is nobody, with one labelled field for the token', () => {
    const html = controls('none') + toHtml(signInForm());
    expect(html).toContain('aria-expanded="false" aria-controls="sign-in-form">Sign in …</button>');
    expect(html).toMatch(/<label for="sign-in-token">/);
    expect(html).toMatch(/<input id="sign-in-token" type="password" autocomplete="current-password"/);
    expect(html).not.toMatch(/ (action|method|name)=/);
  });

  it('a way out to who has signed in', () => {
    expect(controls('session')).toBe('<button id="sign-out" type="button">Sign out</button>');
  });

  it('nothing to who needs none, or could not use one', () => {
    expect([controls('local', false), controls('token'), controls('none', false)]).toEqual(['', '', '']);
  });
});

it.each([
  [401, { detail: 'other words' }, 'The node did not take this token.'],
  [400, undefined, 'The node did not take this token.'],
  [429, { detail: 'Too many.', retry_after_seconds: 30 }, 'Too many. Try again in 30 s.'],
  [409, { detail: 'ADMIN_TOKEN is not set.' }, 'ADMIN_TOKEN is not set.'],
  [502, undefined, 'The node answered 502.'],
])('tells a refusal with %d in words', (status, body, words) => {
  expect(refusalWords(status, body)).toBe(words);
});

it('asks again when the session ends, else once in a minute', () => {
  const reading = { access: 'session', until: '2026-01-01T12:00:00.000Z', signIn: true };
  const end = Date.parse(reading.until);
  expect(askAgainMs(reading, end - 3_600_000)).toBe(60_000);
  expect(askAgainMs(reading, end - 5000)).toBe(6000);
  expect(askAgainMs(reading, end + 5000)).toBe(60_000);
  expect(askAgainMs({ ...reading, until: null }, end)).toBe(60_000);
});
