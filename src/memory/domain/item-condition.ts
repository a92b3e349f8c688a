import { gatewayError } from '../../kernel/error-codes.js';

/** What must hold of an item for a write to be made (RFC 9110, section 13.1); without `is`, nothing. */
export interface ItemCondition {
  /** `present`: there is one (`If-Match: *`); `absent`: there is none (`If-None-Match: *`); revisions: it has one of them. */
  readonly is?: 'present' | 'absent' | readonly number[];
}

/** Throws PRECONDITION_FAILED unless the condition holds of an item with this revision (undefined: there is none). */
export function requireCondition({ is }: ItemCondition, revision: unknown): void {
  if (is === undefined || holds(is, revision)) return;
  const written = is === 'absent' ? 'it exists' : 'it has been written since';
  const state = revision === undefined ? 'there is none' : written;
  throw gatewayError('PRECONDITION_FAILED', `The item is not as the request expects it: ${state}.`);
}

function holds(is: NonNullable<ItemCondition['is']>, revision: unknown): boolean {
  if (is === 'absent') return revision === undefined;
  return is === 'present' ? revision !== undefined : is.includes(revision as number);
}
