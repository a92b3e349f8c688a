import { describe, expect, it } from 'vitest';
import { accessLine, ecsAccess, gcpAccess } from './access-line.js';

const request = { route: 'gemini', method: 'POST', status: 200, broken: false, durationMs: 812.345, code: undefined };
const call = {
  operation: 'chat',
  asked: 'a',
  served: 'b',
  key: 'a1f3',
  streamed: true,
  attempts: 2,
  healing: ['failover'],
  tokens: { input: 3, output: 5, thoughts: 0, cached: 2 },
  finishReason: 'STOP',
  firstTokenMs: 40.26,
  upstreamMs: 39,
  queueMs: 0,
};

describe('the line of a request', () => {
  it('tells what there is to tell, and nothing else', () => {
    expect(accessLine(request, undefined)).toEqual({
      event: 'request_finished',
      route: 'gemini',
      method: 'POST',
      status: 200,
      duration_ms: 812.3,
    });
    expect(accessLine({ ...request, broken: true, code: 'STREAM_STALLED', call }, '12345678')).toEqual({
      event: 'request_finished',
      route: 'gemini',
      method: 'POST',
      status: 200,
      broken: true,
      'error.type': 'STREAM_STALLED',
      client: '12345678',
      duration_ms: 812.3,
      operation: 'chat',
      model_asked: 'a',
      model: 'b',
      key: 'a1f3',
      streamed: true,
      attempts: 2,
      healing: ['failover'],
      first_token_ms: 40.3,
      upstream_ms: 39,
      finish_reason: 'STOP',
      tokens_input: 3,
      tokens_output: 5,
      tokens_cached: 2,
    });
  });

  it('cuts names that are too long to be names', () => {
    const line = accessLine({ ...request, call: { ...call, asked: 'x'.repeat(10_000) } }, undefined);
    expect(line['model_asked']).toHaveLength(128);
  });

  it('has the names of the Elastic Common Schema, with its duration in nanoseconds', () => {
    const line = ecsAccess(accessLine({ ...request, call }, undefined));
    expect(line).toMatchObject({
      'event.duration': 812_300_000,
      'event.outcome': 'success',
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      model: 'b',
    });
    expect(line).not.toHaveProperty('status');
    expect(ecsAccess(accessLine({ ...request, broken: true }, undefined))['event.outcome']).toBe('failure');
  });

  it('has the request that Google Cloud shows in a column of its own', () => {
    const { httpRequest } = gcpAccess(accessLine(request, undefined));
    expect(httpRequest).toEqual({ requestMethod: 'POST', status: 200, latency: '0.812300s' });
  });
});
