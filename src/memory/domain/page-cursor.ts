/** What a list is of: a cursor of one list is none of another. */
export type ListOf = 'items' | 'sessions';

const LETTER: Readonly<Record<ListOf, string>> = { items: 'r', sessions: 's' };

/** The opaque place in a list behind the row that this number belongs to. */
export function writeCursor(list: ListOf, number: number): string {
  return Buffer.from(`${LETTER[list]}${number}`).toString('base64url');
}

/** The number a cursor of a list names; undefined when the text is none. */
export function readCursor(list: ListOf, cursor: string): number | undefined {
  const [, letter, digits] =
    /^(.)(\d{1,15})$/.exec(Buffer.from(cursor.slice(0, 40), 'base64url').toString('latin1')) ?? [];
  const number = Number(digits);
  // Base64 reads many spellings; only the one that was handed out is taken.
  return letter === LETTER[list] && writeCursor(list, number) === cursor ? number : undefined;
}
