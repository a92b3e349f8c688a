/** What the journal keeps, each under a name of its own. */
export const ENTRY_KINDS = [
  'heal_run',
  'heal_verdict',
  'heal_declined',
  'life_ended',
  'forecast_raised',
  'forecast_cleared',
  'admin_action',
  'alert_firing',
  'alert_resolved',
] as const;

/** Kind of an entry, and name of its event in `GET /self/events`. */
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** Where in the journal an entry stands: nodes that share a store may give one number twice. */
export interface JournalPlace {
  readonly number: number;
  readonly id: string;
}

/** One line of the journal. Nothing in it is secret, and nothing of prompts or answers. */
export interface JournalEntry extends JournalPlace {
  /**
   * Its place in the journal, growing: the wall clock's milliseconds, or one more than the entry before. So numbers
   * go on across lives, also of a node whose store could not be read.
   */
  readonly number: number;
  /** Unique among all nodes; the run's id for one of a heal. */
  readonly id: string;
  readonly kind: EntryKind;
  /** Plain JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** An entry as the API tells it: what its body says, under its place and kind. */
export function shownEntry({ number, id, kind, body }: JournalEntry): Record<string, unknown> {
  // First for who reads it, and last because nothing in the body stands above it.
  return Object.assign({ number, id, kind }, body, { number, id, kind });
}

/** Whether a text can be the id of an entry. */
export function isEntryId(text: string): boolean {
  return /^[\w.-]{1,100}$/.test(text);
}
