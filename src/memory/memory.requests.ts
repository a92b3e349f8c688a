import { z } from 'zod';
import { textProblem } from './domain/memory-text.js';
import { readCursor } from './domain/page-cursor.js';
import { type ItemQuery } from './item.store.js';
import { type MemorySettings } from './memory.settings.js';

/** Body of `POST /memory`. */
export interface PutItem {
  readonly key: string;
  readonly value: string;
}

/** A text within its limits; what is wrong with it is told without repeating it. */
function limitedText(max: number): z.ZodType<string> {
  return checkedText((text) => textProblem(text, max));
}

function checkedText(problemOf: (text: string) => string | undefined): z.ZodType<string> {
  return z.string('must be text').superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });
}

/** Reads the body of `POST /memory`. */
export function putItemSchema({ keyLimit, valueLimit }: MemorySettings): z.ZodType<PutItem> {
  return z.object({ key: limitedText(keyLimit), value: limitedText(valueLimit) });
}

/** Reads a key that came in an address. */
export function keySchema({ keyLimit }: MemorySettings): z.ZodType<{ key: string }> {
  return z.object({ key: limitedText(keyLimit) });
}

/** Reads the parameters of `GET /memory`. */
export function itemQuerySchema({ pageSize, pageLimit, keyLimit }: MemorySettings): z.ZodType<ItemQuery> {
  const limit = z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= 1 && value <= pageLimit, `must be 1 to ${pageLimit}`)
    .default(Math.min(pageSize, pageLimit));
  const cursor = z.string().transform((text, context) => {
    if (text === '') return undefined;
    const before = readCursor(text);
    if (before === undefined) context.addIssue({ code: 'custom', message: 'is not a next_cursor of this list' });
    return before;
  });
  const prefix = checkedText((text) => (text === '' ? undefined : textProblem(text, keyLimit)));
  return z
    .object({ limit, cursor: cursor.optional(), prefix: prefix.default('') })
    .transform(({ cursor: before, ...rest }) => (before === undefined ? rest : { ...rest, before }));
}
