import { describe, expect, it } from 'vitest';
import { routeOf } from '../route.js';
import { endsPlainly, isShareable, staleHelps, tellingHeaders } from './shareable.js';

const shareable = (method: string, url: string): boolean => {
  const route = routeOf(method, url, true);
  if (route === undefined || 'refused' in route) throw new Error(url);
  return isShareable(route);
};

it.each([
  '/v1beta/models/m:generateContent',
  '/v1beta/models/m:streamGenerateContent?alt=sse',
  '/v1beta/models/m:countTokens?key=k',
  '/v1/models/m:embedContent',
  '/v1beta/models/m:batchEmbedContents',
  '/v1/chat/completions',
  '/v1/embeddings',
])('shares the answers of %s', (url) => {
  expect(shareable('POST', url)).toBe(true);
});

it.each([
  ['POST', '/v1beta/models/m:batchGenerateContent'],
  ['POST', '/v1beta/models/m:predictLongRunning'],
  ['POST', '/v1beta/models/m:inventedMethod?x=:countTokens'],
  ['GET', '/v1beta/models'],
  ['POST', '/v1beta/files'],
  ['POST', '/v1/responses'],
])('does not share the answers of %s %s', (method, url) => {
  expect(shareable(method, url)).toBe(false);
});

describe('telling headers', () => {
  const plain = ['Content-Type', 'application/json', 'Accept', '*/*'];

  it('leave out who asks, how it is traced and timed, and everything that does not go upstream', () => {
    const noise = [
      ['User-Agent', 'a'],
      ['x-goog-api-client', 'b'],
      ['X-Stainless-Retry-Count', '1'],
      ['traceparent', 'c'],
      ['x-request-id', 'd'],
      ['Authorization', 'Bearer e'],
      ['x-goog-api-key', 'f'],
      ['Cookie', 'g'],
      ['X-Forwarded-For', 'h'],
      ['X-Server-Timeout', '30'],
      ['x-l104-deadline-ms', '5'],
      ['Host', 'i'],
      ['Connection', 'keep-alive'],
      ['Content-Length', '3'],
    ].flat();
    expect(tellingHeaders([...plain, ...noise])).toEqual(tellingHeaders(plain));
  });

  it('keep what goes upstream and is not known, and the options that change who answers', () => {
    for (const header of [
      ['x-goog-fieldmask', 'candidates'],
      ['x-goog-user-project', 'p'],
      ['Accept-Language', 'de'],
      ['x-unknown', '1'],
      ['X-L104-Fallback', 'off'],
      ['x-l104-resume', 'off'],
      ['x-l104-priority', 'low'],
    ]) {
      expect(tellingHeaders([...plain, ...header]), header[0]).not.toEqual(tellingHeaders(plain));
    }
    expect(tellingHeaders(['x-unknown', '1'])).not.toEqual(tellingHeaders(['x-unknown', '2']));
  });

  it('do not depend on order and case', () => {
    expect(tellingHeaders(['ACCEPT', '*/*', 'content-type', 'application/json'])).toEqual(tellingHeaders(plain));
  });
});

describe('a plain end', () => {
  const gemini = (text: string): boolean => endsPlainly('gemini', Buffer.from(text));
  const openai = (text: string): boolean => endsPlainly('openai', Buffer.from(text));
  const said = (finish: string): string =>
    `{"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason": "${finish}"}]}`;

  it('is an end of its own or at the limit of tokens, in every form', () => {
    expect(gemini(said('STOP'))).toBe(true);
    expect(gemini(said('MAX_TOKENS'))).toBe(true);
    expect(gemini(`data: {"candidates":[{}]}\r\n\r\ndata: ${said('STOP')}\r\n\r\n`)).toBe(true);
    expect(gemini(`[${said('FINISH_REASON_UNSPECIFIED')},\r\n${said('STOP')}\r\n]`)).toBe(true);
    expect(openai('data: {"choices":[{"finish_reason":null}]}\n\ndata: {"choices":[{"finish_reason":"stop"}]}')).toBe(
      true,
    );
    expect(openai('{"choices":[{"finish_reason" :\n "tool_calls"}]}')).toBe(true);
  });

  it.each(['SAFETY', 'RECITATION', 'PROHIBITED_CONTENT', 'SOMETHING_NEW'])('is not %s', (finish) => {
    expect(gemini(said(finish))).toBe(false);
    expect(gemini(`[${said('STOP')},${said(finish)}]`)).toBe(false);
    expect(gemini(`[${said(finish)},${said('STOP')}]`)).toBe(false);
  });

  it('is not a block, a filter, or no finish at all', () => {
    expect(gemini('{"promptFeedback":{"blockReason":"SAFETY"}}')).toBe(false);
    expect(openai('{"choices":[{"finish_reason":"content_filter"}]}')).toBe(false);
    expect(gemini('{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}')).toBe(false);
    expect(openai('{"choices":[{"finish_reason":null}]}')).toBe(false);
  });

  it('is not hidden by a text that speaks of finish reasons', () => {
    const text = JSON.stringify('{"finishReason":"SAFETY","blockReason":"OTHER"}');
    expect(gemini(`{"candidates":[{"content":{"parts":[{"text":${text}}]},"finishReason":"STOP"}]}`)).toBe(true);
    expect(gemini(`{"candidates":[{"content":{"parts":[{"text":${text}}]},"finishReason":"SAFETY"}]}`)).toBe(false);
  });
});

describe('an older answer', () => {
  it.each([429, 500, 502, 503, 504, 408])('helps where the upstream answers %d', (status) => {
    expect(staleHelps(status, undefined)).toBe(true);
  });

  it.each([400, 401, 403, 404, 413, 501, 0])('does not help where it answers %d', (status) => {
    expect(staleHelps(status, undefined)).toBe(false);
  });

  it('helps a node that is full or refused, not one that errs or ends', () => {
    expect(staleHelps(503, 'OVERLOADED')).toBe(true);
    expect(staleHelps(503, 'CIRCUIT_OPEN')).toBe(true);
    expect(staleHelps(504, 'DEADLINE_EXCEEDED')).toBe(true);
    expect(staleHelps(500, 'INTERNAL')).toBe(false);
    expect(staleHelps(503, 'DRAINING')).toBe(false);
  });
});
