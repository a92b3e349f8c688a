import { expect, it } from 'vitest';
import { operationOf } from './operation.js';
import { type Refusal, type Route, routeOf } from './route.js';

it.each([
  ['POST', '/v1beta/models/m:generateContent', 'generate_content'],
  ['POST', '/v1beta/models/m:streamGenerateContent?alt=sse', 'generate_content'],
  ['POST', '/v1beta/models/m:embedContent', 'embeddings'],
  ['POST', '/v1beta/models/m:batchEmbedContents?x=1', 'embeddings'],
  ['POST', '/v1beta/models/m:countTokens', 'count_tokens'],
  ['POST', '/v1beta/models/m:whatever', 'other'],
  ['POST', '/v1/chat/completions', 'chat'],
  ['POST', '/v1/embeddings', 'embeddings'],
  ['GET', '/v1beta/models', undefined],
])('%s %s is %s', (method, url, operation) => {
  const route: Route | Refusal | undefined = routeOf(method, url, true);
  if (route === undefined || 'refused' in route) throw new Error('no route');
  expect(operationOf(route)).toBe(operation);
});
