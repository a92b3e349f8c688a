import { z } from 'zod';
import { textProblem } from './domain/memory-text.js';
import { type SessionQuery } from './conversation.store.js';
import { type ListOf, readCursor } from './domain/page-cursor.js';
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
export function itemQuerySchema(settings: MemorySettings): z.ZodType<ItemQuery> {
  const prefix = checkedText((text) => (text === '' ? undefined : textProblem(text, settings.keyLimit)));
  return z
    .object({ ...place('items', settings), prefix: prefix.default('') })
    .transform(({ cursor: before, ...rest }) => (before === undefined ? rest : { ...rest, before }));
}

/** Reads the parameters of `GET /memory/sessions/`. */
export function sessionQuerySchema(settings: MemorySettings): z.ZodType<SessionQuery> {
  return z
    .object(place('sessions', settings))
    .transform(({ cursor: before, ...rest }) => (before === undefined ? rest : { ...rest, before }));
}

/** Where in a list a page is to begin, and how much of it is asked for. */
function place(list: ListOf, { pageSize, pageLimit }: MemorySettings) {
  const limit = z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= 1 && value <= pageLimit, `must be 1 to ${pageLimit}`)
    .default(Math.min(pageSize, pageLimit));
  const cursor = z.string().transform((text, context) => {
    if (text === '') return undefined;
    const before = readCursor(list, text);
    if (before === undefined) context.addIssue({ code: 'custom', message: 'is not a next_cursor of this list' });
    return before;
  });
  return { limit, cursor: cursor.optional() };
}
