/** Most characters of a message. */
const LONGEST = 60;

/** An error in few words: its class and its status or stable code, or else what it says. */
export function errorKind(error: unknown): string {
  if (!(error instanceof Error)) return `no error: ${String(error)}`;
  const { status, statusCode, code } = error as Error & Record<string, unknown>;
  const name = error.constructor.name;
  const known = [status, statusCode, code].find((value) => typeof value === 'number' || typeof value === 'string');
  if (known !== undefined) return `${name} ${String(known)}`;
  const said = error.message
    .replace(/^\[[^\]]*\]:?\s*/, '')
    .replaceAll(/https?:\/\/\S+/g, '…')
    .slice(0, LONGEST);
  return said === '' ? name : `${name}: ${said}`;
}
