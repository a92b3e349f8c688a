import { ERROR_CODES } from '../../kernel/error-codes.js';
import { GatewayError } from '../../kernel/gateway-error.js';

/** What must hold of an item for a write to be made (RFC 9110, section 13.1); without `is`, nothing. */
export interface ItemCondition {
  /** `present`: there is one (`If-Match: *`); `absent`: there is none (`If-None-Match: *`); revisions: it has one of them. */
  readonly is?: 'present' | 'absent' | readonly number[];
}

/** PRECONDITION_FAILED, with the revision that the item has now; undefined when there is none. */
export class PreconditionFailed extends GatewayError {
  constructor(
    message: string,
    readonly revision: number | undefined,
  ) {
    const { status, origin } = ERROR_CODES.PRECONDITION_FAILED;
    super(message, { code: 'PRECONDITION_FAILED', status, origin });
  }
}

/** Throws PreconditionFailed unless the condition holds of an item with this revision (undefined: there is none). */
export function requireCondition({ is }: ItemCondition, revision: number | undefined): void {
  if (is === undefined || holds(is, revision)) return;
  const written = is === 'absent' ? 'it exists' : 'it has been written since';
  const state = revision === undefined ? 'there is none' : written;
  throw new PreconditionFailed(`The item is not as the request expects it: ${state}.`, revision);
}

function holds(is: NonNullable<ItemCondition['is']>, revision: number | undefined): boolean {
  if (is === 'absent') return revision === undefined;
  return is === 'present' ? revision !== undefined : revision !== undefined && is.includes(revision);
}
