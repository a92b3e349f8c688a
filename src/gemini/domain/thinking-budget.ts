import { type Surface } from './route.js';

/** Only so much at either end of a body is looked at, bytes: settings stand before or behind the conversation. */
const WINDOW = 4096;
/** Tokens that the words for an amount of thinking stand for, as Gemini's OpenAI-compatible endpoint maps them. */
const LEVELS: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
};
const NATIVE = {
  needle: 'hinking',
  budget: /"thinking_?budget"\s*:\s*(-?\d{1,7})/i,
  level: /"thinking_?level"\s*:\s*"(\w{1,10})"/i,
};
const OPENAI = { needle: 'easoning_effort', level: /"reasoning_effort"\s*:\s*"(\w{1,10})"/ };

/**
 * How many tokens a request lets the model think before it speaks: 0 is none, undefined what the model likes. A hint for
 * the patience with a silent model, so it is searched for in the bytes and not parsed.
 */
export function thinkingBudget(body: Buffer, surface: Surface): number | undefined {
  if (body.length <= 2 * WINDOW) return budgetIn(body, surface);
  return budgetIn(body.subarray(-WINDOW), surface) ?? budgetIn(body.subarray(0, WINDOW), surface);
}

function budgetIn(bytes: Buffer, surface: Surface): number | undefined {
  if (surface === 'openai' && bytes.includes(OPENAI.needle)) {
    const level = OPENAI.level.exec(bytes.toString('latin1'))?.[1];
    if (level !== undefined) return LEVELS[level];
  }
  if (!bytes.includes(NATIVE.needle)) return undefined;
  const text = bytes.toString('latin1');
  const budget = NATIVE.budget.exec(text)?.[1];
  // A negative budget leaves it to the model.
  if (budget !== undefined) return Number(budget) < 0 ? undefined : Number(budget);
  return LEVELS[NATIVE.level.exec(text)?.[1]?.toLowerCase() ?? ''];
}
