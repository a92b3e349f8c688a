/** What the example of a first call depends on. */
export interface FirstCall {
  /** Address of the node, without a slash at the end. */
  readonly origin: string;
  readonly model: string;
  /** Name of the variable that holds the key a client must send; undefined when none is needed. */
  readonly keyVariable: string | undefined;
}

const ORIGIN = /^https?:\/\/[\w.:[\]-]+$/;

/** A first call as one line for a shell. An address that came from a client is taken only where it is plain. */
export function firstCallLine({ origin, model, keyVariable }: FirstCall): string {
  const base = ORIGIN.test(origin) ? origin : 'http://localhost:8081';
  const key = keyVariable === undefined ? '' : ` -H "x-goog-api-key: $${keyVariable}"`;
  const body = JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] });
  return `curl ${base}/v1beta/models/${model}:generateContent${key} -H 'content-type: application/json' -d '${body}'`;
}
