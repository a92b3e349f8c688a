import { describe, expect, it } from 'vitest';
import { errorOfBody, readUpstreamError } from './upstream-error.js';

const quota = {
  error: {
    code: 429,
    message: 'Quota exceeded',
    status: 'RESOURCE_EXHAUSTED',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.07s' },
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMIT_EXCEEDED' },
    ],
  },
};

describe('readUpstreamError', () => {
  it('reads status, message, details, wait and reason, alone or in an array', () => {
    const expected = {
      status: 429,
      rpcStatus: 'RESOURCE_EXHAUSTED',
      retryAfterMs: 34_070,
      reason: 'RATE_LIMIT_EXCEEDED',
    };
    expect(readUpstreamError(quota)).toMatchObject(expected);
    expect(readUpstreamError([quota])).toMatchObject(expected);
  });

  it('takes the status from the canonical name when there is no code', () => {
    expect(readUpstreamError({ error: { status: 'UNAVAILABLE' } })?.status).toBe(503);
    expect(readUpstreamError({ error: { status: 'INVALID_ARGUMENT' } })?.status).toBe(400);
    expect(readUpstreamError({ error: { code: 7 } })?.status).toBe(500);
  });

  it('finds none where there is none', () => {
    for (const value of [{}, [], null, 'error', { candidates: [] }]) expect(readUpstreamError(value)).toBeUndefined();
  });
});

describe('errorOfBody', () => {
  it('reads an error sent as an event', () => {
    expect(errorOfBody(429, 'text/event-stream', Buffer.from(`data: ${JSON.stringify(quota)}\r\n\r\n`)).message).toBe(
      'Quota exceeded',
    );
  });

  it('says what came in place of an error, without repeating it', () => {
    const error = errorOfBody(502, 'text/html; charset=UTF-8', Buffer.from('<html>secret</html>'));
    expect(error).toMatchObject({ status: 502, rpcStatus: 'UNAVAILABLE', details: [] });
    expect(error.message).toContain('text/html');
    expect(error.message).not.toContain('secret');
  });
});
