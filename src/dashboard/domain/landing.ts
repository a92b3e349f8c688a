/** Whether a client should get the page: a browser names `text/html`, curl and probes do not. */
export function wantsPage(accept: string | undefined): boolean {
  return /(?:^|,)\s*text\/html\s*(?=[;,]|$)(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(accept ?? '');
}

/** The state of the node as one line for a terminal. */
export function landingLine(facts: { version: string; summary: string; upstream: string; docs: boolean }): string {
  const parts = [`L104 Node ${facts.version}`, facts.summary, `upstream: ${facts.upstream}`];
  if (facts.docs) parts.push('docs: /docs');
  return `${parts.join(' · ')}\n`;
}
