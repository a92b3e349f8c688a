import { expect, it } from 'vitest';
import { addUsage } from './usage-sum.js';

it('adds up every count, also those that only one attempt has', () => {
  const earlier = { promptTokenCount: 10, candidatesTokenCount: 4, thoughtsTokenCount: 7 };
  const later = { promptTokenCount: 14, candidatesTokenCount: 2, cachedContentTokenCount: 3 };
  expect(addUsage(earlier, later)).toEqual({
    promptTokenCount: 24,
    candidatesTokenCount: 6,
    thoughtsTokenCount: 7,
    cachedContentTokenCount: 3,
  });
});

it('adds up details, and takes what is no count from the later attempt', () => {
  const earlier = {
    prompt_tokens_details: { cached_tokens: 1 },
    trafficType: 'A',
    promptTokensDetails: [{ tokenCount: 1 }],
  };
  const later = { prompt_tokens_details: { cached_tokens: 2, text: 5 }, trafficType: 'B', promptTokensDetails: [] };
  expect(addUsage(earlier, later)).toEqual({
    prompt_tokens_details: { cached_tokens: 3, text: 5 },
    trafficType: 'B',
    promptTokensDetails: [],
  });
});

it('keeps the details that only the earlier attempt has, and changes neither', () => {
  const earlier = { completion_tokens_details: { reasoning_tokens: 5 }, total_tokens: 9 };
  const later = { total_tokens: 1 };
  expect(addUsage(earlier, later)).toEqual({ completion_tokens_details: { reasoning_tokens: 5 }, total_tokens: 10 });
  expect([earlier, later]).toEqual([
    { completion_tokens_details: { reasoning_tokens: 5 }, total_tokens: 9 },
    { total_tokens: 1 },
  ]);
});

it('is not led astray by odd shapes', () => {
  expect(addUsage({ a: 1, b: { c: 1 } }, { a: 'x', b: 2 })).toEqual({ a: 1, b: 2 });
  expect(addUsage({}, { a: null })).toEqual({ a: null });
});
