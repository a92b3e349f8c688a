import { describe, expect, it } from 'vitest';
import { type Refusal, type Route, routeOf } from './route.js';

const route = (method: string, url: string, google = false): Route => routeOf(method, url, google) as Route;

describe('routeOf', () => {
  it('leaves what is not of Gemini to the rest of the node', () => {
    for (const url of ['/', '/health', '/v1betax/models', '/api/v6/stream', 'http://elsewhere/v1beta/models', '*']) {
      expect(routeOf('GET', url, false)).toBeUndefined();
    }
  });

  it.each([
    ['/v1beta/models/gemini-2.5-flash:generateContent', 'generate', undefined, 'gemini-2.5-flash'],
    ['/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse', 'generate', 'gemini-sse', 'gemini-2.5-flash'],
    ['/v1/models/gemini-2.5-flash:streamGenerateContent', 'generate', 'gemini-array', 'gemini-2.5-flash'],
    ['/v1beta/models/gemini-2.5-flash:countTokens', 'call', undefined, 'gemini-2.5-flash'],
    ['/v1beta/tunedModels/mine:generateContent', 'generate', undefined, 'tunedModels/mine'],
    ['/v1beta/models/gemini-2.5-flash:someNewMethod', 'call', undefined, 'gemini-2.5-flash'],
  ])('POST %s is %s', (url, kind, stream, model) => {
    expect(route('POST', url)).toMatchObject({ surface: 'gemini', kind, stream, model, target: url });
  });

  it('takes the key out of the query and keeps every other byte', () => {
    const found = route('POST', '/v1beta/models/m:streamGenerateContent?a=%20b&key=se%2Fcret&alt=sse&a=1');
    expect(found).toMatchObject({ queryKey: 'se/cret', stream: 'gemini-sse' });
    expect(found.target).toBe('/v1beta/models/m:streamGenerateContent?a=%20b&alt=sse&a=1');
    expect(route('GET', '/v1beta/models?key=abc').target).toBe('/v1beta/models');
    expect(route('GET', '/v1beta/models?key=a%0d%0ab').queryKey).toBe('a%0d%0ab');
    expect(route('GET', '/v1beta/models?key=%E6%A8%A1').queryKey).toBe('%E6%A8%A1');
  });

  it('maps the OpenAI paths onto the OpenAI endpoint of Gemini', () => {
    expect(route('POST', '/v1/chat/completions')).toMatchObject({
      surface: 'openai',
      kind: 'chat',
      target: '/v1beta/openai/chat/completions',
    });
    expect(route('POST', '/v1beta/openai/chat/completions').target).toBe('/v1beta/openai/chat/completions');
    expect(route('POST', '/v1/embeddings').kind).toBe('call');
    expect(route('POST', '/v1/chat/completions', true).surface).toBe('openai');
    expect(route('POST', '/v1/files').kind).toBe('passthrough');
  });

  it('tells the dialect of /v1/models by the style of authentication', () => {
    expect(route('GET', '/v1/models')).toMatchObject({ surface: 'openai', target: '/v1beta/openai/models' });
    expect(route('GET', '/v1/models', true)).toMatchObject({ surface: 'gemini', target: '/v1/models' });
    expect(route('GET', '/v1/models?key=k')).toMatchObject({ surface: 'gemini', target: '/v1/models' });
    expect(route('GET', '/v1beta/models/gemini-2.5-flash')).toMatchObject({
      kind: 'passthrough',
      model: 'gemini-2.5-flash',
    });
  });

  it('passes everything else under the prefixes through', () => {
    expect(route('POST', '/upload/v1beta/files?uploadType=resumable').kind).toBe('passthrough');
    expect(route('DELETE', '/v1beta/files/abc').kind).toBe('passthrough');
    expect(route('POST', '/v1beta/interactions').kind).toBe('passthrough');
    expect(route('GET', '/v1beta/models/gemini-2.5-flash:generateContent').kind).toBe('passthrough');
  });

  it.each([
    '/v1beta/../secret',
    '/v1beta/models/%2e%2E/x',
    '/v1beta//models',
    '/v1beta/models\\x',
    '/upload/./x',
    '/v1beta/models/..:generateContent/../..',
    '/v1beta/mod\u00e9ls',
  ])('refuses %s', (url) => {
    expect((routeOf('POST', url, false) as Refusal).refused).toContain('not allowed');
  });
});
