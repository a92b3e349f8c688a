import { describe, expect, it } from 'vitest';
import { negotiate } from './negotiation.js';

describe('negotiate', () => {
  it.each([
    [undefined, 'json'],
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'json'],
    ['text/plain', 'text'],
    ['text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'text'],
    ['application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily', 'text'],
    ['application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5', 'openmetrics'],
  ])('%s gets %s', (accept, format) => {
    expect(negotiate(accept)).toBe(format);
  });
});
