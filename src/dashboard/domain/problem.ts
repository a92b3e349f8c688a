/** What the node said when it did not do what it was asked, in words for the reader. */
export function problemWords(status: number, body: unknown): string {
  const {
    detail,
    title,
    retry_after_seconds: wait,
  } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const told = [detail, title].find((text) => typeof text === 'string' && text !== '') as string | undefined;
  const words = told ?? `The node answered ${status} and nothing that can be shown.`;
  if (status === 401 || status === 403) return `Sign in first. ${words}`;
  return typeof wait === 'number' ? `${words} Try again in ${Math.ceil(wait)} s.` : words;
}
