/** A line for a shell that reads a path of the node as an administrator does; the token stays in the shell. */
export function curlLine(origin: string, path: string): string {
  const address = `${origin}${path}`.replaceAll("'", '%27');
  return `curl -s '${address}' -H "Authorization: Bearer $ADMIN_TOKEN"`;
}
