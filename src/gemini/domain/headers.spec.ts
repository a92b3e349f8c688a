import { describe, expect, it } from 'vitest';
import { clientHeaders, upstreamHeaders } from './headers.js';

const own = { credential: ['x-goog-api-key', 'own'] as const, traceparent: '00-a-b-00', identity: true };

describe('upstreamHeaders', () => {
  it('keeps what belongs to the message and replaces the credential', () => {
    const raw = ['Content-Type', 'application/json', 'X-Goog-Api-Client', 'genai', 'X-Goog-Api-Key', 'client'];
    expect(upstreamHeaders(raw, own)).toEqual([
      'content-type',
      'application/json',
      'x-goog-api-client',
      'genai',
      'accept-encoding',
      'identity',
      'x-goog-api-key',
      'own',
      'traceparent',
      '00-a-b-00',
    ]);
  });

  it('drops hop-by-hop headers, also those that Connection names', () => {
    const raw = [
      'Connection',
      'close, X-Secret-Hop',
      'X-Secret-Hop',
      '1',
      'TE',
      'trailers',
      'Upgrade',
      'h2c',
      'X-Kept',
      '2',
    ];
    const names = upstreamHeaders(raw, own).filter((_, index) => index % 2 === 0);
    expect(names).toEqual(['x-kept', 'accept-encoding', 'x-goog-api-key', 'traceparent']);
  });

  it("drops cookies, forwarding headers and the node's own options", () => {
    const raw = [
      'Cookie',
      'a=b',
      'X-Forwarded-For',
      '1.2.3.4',
      'Forwarded',
      'for=x',
      'X-L104-Priority',
      'high',
      'Host',
      'h',
    ];
    expect(upstreamHeaders(raw, { ...own, credential: undefined, identity: false })).toEqual([
      'traceparent',
      '00-a-b-00',
    ]);
  });
});

describe('clientHeaders', () => {
  it("keeps the message's headers and drops those of Google's own address", () => {
    expect(
      clientHeaders({
        'content-type': 'application/json',
        'alt-svc': 'h3=":443"',
        'set-cookie': ['a=b'],
        connection: 'close, x-hop',
        'x-hop': '1',
        'access-control-allow-origin': '*',
        'x-goog-upload-status': 'active',
        'x-many': ['1', '2'],
      }),
    ).toEqual(['content-type', 'application/json', 'x-goog-upload-status', 'active', 'x-many', '1', 'x-many', '2']);
  });

  it("drops the upstream's word on requests, since the node limits its own clients", () => {
    const upstream = {
      ratelimit: '"a";r=1',
      'ratelimit-policy': '"a";q=1',
      'x-ratelimit-limit-requests': '1',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-remaining-tokens': '5',
    };
    expect(clientHeaders(upstream)).toEqual(['x-ratelimit-remaining-tokens', '5']);
  });
});

describe('the deadline', () => {
  const told = (raw: string[], leftMs: number, name = 'x-server-timeout'): string | undefined => {
    const headers = upstreamHeaders(raw, { credential: undefined, traceparent: 't', identity: false, leftMs });
    return headers.includes(name) ? headers[headers.indexOf(name) + 1] : undefined;
  };

  it.each(['X-Server-Timeout', 'X-Stainless-Timeout'])(
    'is told the upstream no later than the call has left (%s)',
    (name) => {
      const seconds = (value: string, leftMs: number): string | undefined =>
        told([name, value], leftMs, name.toLowerCase());
      expect(seconds('60', 59_900)).toBe('60');
      expect(seconds('60', 12_300)).toBe('13');
      expect(seconds('soon', 12_300)).toBe('soon');
    },
  );

  it('is never lowered to what Gemini refuses as too short, unless the client is in such a hurry itself', () => {
    expect(told(['X-Server-Timeout', '60'], 3_000)).toBe('10');
    expect(told(['X-Server-Timeout', '60'], -5)).toBe('10');
    expect(told(['X-Server-Timeout', '5'], 4_900)).toBe('5');
    expect(told(['X-Server-Timeout', '5'], 1_900)).toBe('2');
    expect(told(['X-Server-Timeout', '0.5'], -5)).toBe('0.5');
  });

  it("goes on in Google's words where the client told it in the node's", () => {
    expect(told(['X-L104-Deadline-Ms', '30000'], 29_500)).toBe('30');
    expect(told(['x-l104-deadline-ms', '300'], 290)).toBe('10');
    expect(told(['x-l104-deadline-ms', '30000', 'x-server-timeout', '20'], 29_500)).toBe('20');
    expect(told(['x-l104-deadline-ms', 'soon'], 29_500)).toBeUndefined();
    expect(told([], 29_500)).toBeUndefined();
  });
});
