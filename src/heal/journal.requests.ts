import { z } from 'zod';
import { readJournalCursor } from './domain/journal-cursor.js';
import { ENTRY_KINDS, type EntryKind } from './domain/journal-entry.js';
import { type JournalQuery } from './journal-keeper.js';

/** Entries on a page when the request gives no limit, and most it may ask for. */
const PAGE = 50;
const LONGEST_PAGE = 1000;

const limit = z
  .string('must be given once')
  .regex(/^\d{1,9}$/, 'must be a whole number')
  .transform(Number)
  .refine((value) => value >= 1 && value <= LONGEST_PAGE, `must be 1 to ${LONGEST_PAGE}`)
  .default(PAGE);

const cursor = z
  .string('must be given once')
  .transform((text, context) => {
    if (text === '') return undefined;
    const place = readJournalCursor(text);
    if (place === undefined) context.addIssue({ code: 'custom', message: 'is not a next_cursor of this list' });
    return place;
  })
  .optional();

const kinds = z
  .string('must be given once, with commas between several')
  .transform((text, context): EntryKind[] => {
    const names = text === '' ? [] : text.split(',', ENTRY_KINDS.length + 1);
    const known = ENTRY_KINDS.filter((kind) => names.includes(kind));
    if (known.length !== new Set(names).size)
      context.addIssue({ code: 'custom', message: `must be of ${ENTRY_KINDS.join(', ')}` });
    return known;
  })
  .default([]);

/** Reads the parameters of `GET /self/heal/runs`. */
export const runsQuery: z.ZodType<JournalQuery> = z
  .object({ limit, cursor })
  .transform(({ limit, cursor: before }) => ({ limit, before, kinds: ['heal_run'] }));

/** Reads the parameters of `GET /self/journal`. */
export const journalQuery: z.ZodType<JournalQuery> = z
  .object({ limit, cursor, kind: kinds })
  .transform(({ limit, cursor: before, kind }) => ({ limit, before, kinds: kind }));
