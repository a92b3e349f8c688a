import { expect, it } from 'vitest';
import { PrefillModels } from './prefill-models.service.js';

function models(...prefillModels: string[]): PrefillModels {
  return new PrefillModels({ enabled: true, attempts: 5, prefillModels });
}

it('knows models by the patterns it is given', () => {
  const known = models('gemini-2.*', 'gemini-pro-latest');
  const named = [
    'gemini-2.5-flash',
    'gemini-2.0',
    'gemini-pro-latest',
    'gemini-2x5',
    'my-gemini-2.5',
    'gemini-3.5-flash',
  ];
  expect(named.filter((model) => known.takes(model))).toEqual(['gemini-2.5-flash', 'gemini-2.0', 'gemini-pro-latest']);
});

it.each([
  'Requests ending with a model turn are not supported.',
  'Please ensure that multiturn requests end with a user role.',
  'This model does not support assistant message prefill. The conversation must end with a user message.',
  'The final turn must be of role user.',
  'Prefilling is not supported for this model.',
])('learns for that model from “%s”', (message) => {
  const known = models('gemini-2.*');
  known.refused('gemini-2.5-flash', message);
  expect([known.takes('gemini-2.5-flash'), known.takes('gemini-2.5-pro')]).toEqual([false, true]);
});

it.each(['The input token count (1200000) exceeds the maximum.', 'Invalid value at contents[3].parts[0]', ''])(
  'learns nothing from “%s”',
  (message) => {
    const known = models('gemini-2.*');
    known.refused('gemini-2.5-flash', message);
    expect(known.takes('gemini-2.5-flash')).toBe(true);
  },
);
