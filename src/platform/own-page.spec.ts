import { type IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { ownOrigin, trustRule } from './forwarded.js';
import { senderOf } from './own-page.js';

const ORIGIN = 'https://l104.example.com';

it.each([
  [{ 'sec-fetch-site': 'same-origin' }, 'own page'],
  [{ 'sec-fetch-site': 'same-origin', origin: ORIGIN }, 'own page'],
  [{ 'sec-fetch-site': 'none' }, 'typed'],
  [{ 'sec-fetch-site': 'same-site', origin: ORIGIN }, 'other page'],
  [{ 'sec-fetch-site': 'cross-site' }, 'other page'],
  [{ 'sec-fetch-site': 'a word of tomorrow' }, 'other page'],
  [{ origin: ORIGIN }, 'own page'],
  [{ origin: 'https://other.example.com' }, 'other page'],
  [{ origin: 'http://l104.example.com' }, 'other page'],
  [{ origin: 'null' }, 'other page'],
  [{}, 'untold'],
])('%o comes from: %s', (headers, sender) => {
  expect(senderOf({ headers } as IncomingMessage, ORIGIN)).toBe(sender);
});

it.each([
  ['as it was asked', {}, '', 'http://l104.example.com'],
  ['HTTPS where a proxy that is believed says so', { 'x-forwarded-proto': 'https' }, '', 'https://l104.example.com'],
  ['HTTPS where PUBLIC_URL says so of this host', {}, 'https://l104.example.com/', 'https://l104.example.com'],
  ['as it was asked where PUBLIC_URL is of another', {}, 'https://public.example.com', 'http://l104.example.com'],
])('the origin of its pages is %s', (_name, headers, publicUrl, origin) => {
  const request = { headers: { host: 'l104.example.com', ...headers }, socket: { remoteAddress: '127.0.0.1' } };
  expect(ownOrigin(request as unknown as IncomingMessage, publicUrl, trustRule(['loopback']))).toBe(origin);
});
