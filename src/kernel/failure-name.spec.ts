import { expect, it } from 'vitest';
import { failureName } from './failure-name.js';

it.each([
  ['CIRCUIT_OPEN', 503, 'CIRCUIT_OPEN'],
  [undefined, 503, '503'],
  ['anything an upstream says', 400, '400'],
  ['X'.repeat(65), 400, '400'],
  [undefined, 200, '_OTHER'],
  [undefined, undefined, '_OTHER'],
])('%s with status %s is %s', (code, status, name) => {
  expect(failureName(code, status)).toBe(name);
});
