/** What differs between two equal answers by nature: times, and headers of the way they came. */
const BY_NATURE = new Set(['created', 'timestamp', 'headers', 'sdkHttpResponse']);
const ID = /^(id|toolCallId|responseId)$/;
/** Ids that the model gives to its calls are part of the answer; those of a response or drawn by a package are not. */
const CALL_ID = /^(function-call-)?[a-z0-9]{8}$/;

/** A value as plain data without what differs by nature; two calls that went equally well compare equal. */
export function comparable(value: unknown): unknown {
  const text = JSON.stringify(value ?? null, (key, item: unknown) => {
    if (BY_NATURE.has(key)) return undefined;
    return ID.test(key) && typeof item === 'string' && !CALL_ID.test(item) ? 'drawn anew' : item;
  });
  return JSON.parse(text) as unknown;
}
