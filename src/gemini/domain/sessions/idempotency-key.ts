/** 1 to 255 visible characters, as they are or as a quoted string of structured fields (RFC 8941, section 3.3.3). */
const KEY = /^(?:"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,510})"|([\x21\x23-\x7e][\x21-\x7e]{0,254}))$/;
const VISIBLE = /^[\x21-\x7e]{1,255}$/;

/**
 * The name in an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header), the same with quotes and
 * without; undefined when it is not a good one.
 */
export function readIdempotencyKey(header: string): string | undefined {
  const [, quoted, bare] = KEY.exec(header.trim()) ?? [];
  const key = quoted?.replace(/\\(.)/g, '$1') ?? bare;
  return key !== undefined && VISIBLE.test(key) ? key : undefined;
}
