import { expect, it } from 'vitest';
import { problemWords } from './problem.js';

it.each([
  [404, { detail: 'There is no such circuit.', title: 'Not found' }, 'There is no such circuit.'],
  [401, { detail: 'Send the token.' }, 'Sign in first. Send the token.'],
  [403, undefined, 'Sign in first. The node answered 403 and nothing that can be shown.'],
  [503, { title: 'Overloaded', detail: '', retry_after_seconds: 1.5 }, 'Overloaded Try again in 2 s.'],
  [502, '<html>', 'The node answered 502 and nothing that can be shown.'],
])('%d %o: %s', (status, body, words) => {
  expect(problemWords(status, body)).toBe(words);
});
