import { type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { newSession, readSession, sealSession, sessionCookie, sessionKey, sessionValues } from './admin-session.js';

const NOW = Date.UTC(2026, 10, 29, 12);
const KEY = sessionKey('the-admin-token');
const session = newSession(NOW + 3_600_000);
const value = sealSession(KEY, session);

describe('a sealed session', () => {
  it('is read as it was made, until it ends', () => {
    expect(readSession(KEY, value, NOW)).toEqual(session);
    expect(readSession(KEY, value, session.expiresAt - 1)).toEqual(session);
    expect(readSession(KEY, value, session.expiresAt)).toBeUndefined();
  });

  it('is read by another process with the same token, and by none with another', () => {
    expect(readSession(sessionKey('the-admin-token'), value, NOW)).toEqual(session);
    expect(readSession(sessionKey('the-next-token'), value, NOW)).toBeUndefined();
  });

  it('is worth nothing with any one character changed, added or left out', () => {
    for (let at = 0; at < value.length; at++) {
      const other = value[at] === 'a' ? 'b' : 'a';
      for (const middle of [other, '', `${value[at] ?? ''}${other}`]) {
        const changed = value.slice(0, at) + middle + value.slice(at + 1);
        // The last digit of base64url has bits to spare, but only one spelling is taken.
        expect(readSession(KEY, changed, NOW), changed).toBeUndefined();
      }
    }
  });

  it.each(['', '.', '1..aaaaaaaa.x', 'a'.repeat(100_000), '1.zzzzzzzzzz.00000000.' + 'A'.repeat(43)])(
    'is not made of %s',
    (text) => {
      expect(readSession(KEY, text.slice(0, 1000), NOW)).toBeUndefined();
    },
  );

  it('says nothing of the token, and no two are alike', () => {
    expect(value).not.toContain('token');
    const values = Array.from({ length: 100 }, () => sealSession(KEY, newSession(session.expiresAt)));
    expect(new Set(values).size).toBe(100);
    for (const one of values) expect(one).toMatch(/^[\w.-]+$/);
  });
});

describe('its cookie', () => {
  it('is found among others, of several of its name the first four', () => {
    const read = (cookie?: string): readonly string[] =>
      sessionValues({ headers: cookie === undefined ? {} : { cookie } } as IncomingMessage);
    expect(read()).toEqual([]);
    expect(read('theme=dark; xl104_session=no; l104_session=yes')).toEqual(['yes']);
    expect(read(Array.from({ length: 9 }, (_, n) => `l104_session=${n}`).join(';'))).toEqual(['0', '1', '2', '3']);
  });

  it('is kept from programs and other sites, and goes over HTTPS alone where it came so', () => {
    expect(sessionCookie('v', 60, false)).toBe('l104_session=v; HttpOnly; SameSite=Strict; Path=/; Max-Age=60');
    expect(sessionCookie('v', 60, true)).toBe('l104_session=v; HttpOnly; SameSite=Strict; Path=/; Max-Age=60; Secure');
  });
});
