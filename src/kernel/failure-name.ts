/** What the codes of the node, and those that Gemini gives a reason by, look like. */
const CODE = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/**
 * A short name for what went wrong, for logs, metrics and traces (`error.type`): a code where it looks like one, since an
 * upstream may put anything in its place, else the HTTP status, else `_OTHER`.
 */
export function failureName(code: string | undefined, status: number | undefined): string {
  if (code !== undefined && CODE.test(code)) return code;
  return status !== undefined && status >= 400 ? String(status) : '_OTHER';
}
