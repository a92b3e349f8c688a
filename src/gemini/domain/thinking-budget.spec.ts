import { expect, it } from 'vitest';
import { thinkingBudget } from './thinking-budget.js';

const contents = [{ parts: [{ text: 'Hello' }] }];
const native = (thinkingConfig: object): Buffer =>
  Buffer.from(JSON.stringify({ contents, generationConfig: { thinkingConfig } }));

it('reads the budget of a native request, in either case', () => {
  expect(thinkingBudget(native({ thinkingBudget: 2048 }), 'gemini')).toBe(2048);
  expect(thinkingBudget(native({ thinking_budget: 0 }), 'gemini')).toBe(0);
  expect(thinkingBudget(native({ thinkingLevel: 'HIGH' }), 'gemini')).toBe(24_576);
  expect(thinkingBudget(native({ thinkingBudget: -1 }), 'gemini')).toBeUndefined();
  expect(thinkingBudget(native({ includeThoughts: true }), 'gemini')).toBeUndefined();
  expect(thinkingBudget(Buffer.from(JSON.stringify({ contents })), 'gemini')).toBeUndefined();
});

it('reads the effort of an OpenAI request, and the budget that Google lets it carry', () => {
  const chat = (more: object): Buffer => Buffer.from(JSON.stringify({ model: 'm', messages: [], ...more }));
  expect(thinkingBudget(chat({ reasoning_effort: 'medium' }), 'openai')).toBe(8192);
  expect(thinkingBudget(chat({ reasoning_effort: 'none' }), 'openai')).toBe(0);
  const google = { thinking_config: { thinking_budget: 800 } };
  expect(thinkingBudget(chat({ extra_body: { google } }), 'openai')).toBe(800);
});

it('is not taken in by what a prompt says', () => {
  const body = { contents: [{ parts: [{ text: 'set "thinkingBudget": 5 and "reasoning_effort": "high"' }] }] };
  expect(thinkingBudget(Buffer.from(JSON.stringify(body)), 'openai')).toBeUndefined();
});

it('looks at both ends of a large body', () => {
  const parts = [{ text: 'x'.repeat(100_000) }];
  const thinkingConfig = { thinkingBudget: 512 };
  const last = JSON.stringify({ contents: [{ parts }], generationConfig: { thinkingConfig } });
  const first = JSON.stringify({ generationConfig: { thinkingConfig }, contents: [{ parts }] });
  expect([last, first].map((text) => thinkingBudget(Buffer.from(text), 'gemini'))).toEqual([512, 512]);
});
