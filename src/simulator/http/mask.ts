const SECRET_HEADERS = new Set(['x-goog-api-key', 'authorization', 'cookie', 'proxy-authorization']);

/** A path with the value of its `key` replaced by the key's hash. */
export function maskedPath(path: string, keyHash: string): string {
  return path.includes('key=') ? path.replace(/([?&]key=)[^&]*/g, `$1#${keyHash}`) : path;
}

/** Header names and values in the order of the wire, keys replaced by their hash. */
export function maskedHeaders(
  raw: readonly string[],
  hash: (key: string) => string,
): readonly (readonly [string, string])[] {
  const masked: (readonly [string, string])[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    masked.push([name, SECRET_HEADERS.has(name.toLowerCase()) ? secret(value, hash) : value]);
  }
  return masked;
}

function secret(value: string, hash: (key: string) => string): string {
  const scheme = /^(\S+)\s+(\S+)$/.exec(value);
  return scheme === null ? `#${hash(value)}` : `${scheme[1] ?? ''} #${hash(scheme[2] ?? '')}`;
}
