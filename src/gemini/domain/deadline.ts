/** Headers by lower-case name, as Node gives them. */
type Headers = Readonly<Record<string, string | string[] | undefined>>;

const SOURCES: readonly [string, number][] = [
  ['x-l104-deadline-ms', 1],
  ['x-server-timeout', 1000],
  ['x-stainless-timeout', 1000],
];

/**
 * Milliseconds a call may take: the smallest of the node's limit and what the client says in
 * `x-l104-deadline-ms` (ms), `X-Server-Timeout` or `X-Stainless-Timeout` (s), each of which may have come more than
 * once. What is no positive number is ignored, as the SDKs' own servers do.
 */
export function deadlineOf(headers: Headers, limitMs: number): number {
  let deadline = limitMs;
  for (const [name, unitMs] of SOURCES) {
    const value = headers[name];
    if (typeof value !== 'string') continue;
    for (const one of value.split(',')) {
      const ms = Number(one) * unitMs;
      if (ms > 0 && ms < deadline) deadline = ms;
    }
  }
  return deadline;
}
