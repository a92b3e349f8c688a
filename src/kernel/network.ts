const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
/** How Node writes an IPv4 peer of a server that listens on IPv6. */
const MAPPED = '::ffff:';
const GROUP = /^[\da-f]{1,4}$/i;
/** Longest written form of an address with its port and zone; more is none. */
const LONGEST = 100;

/**
 * The network that counts as one client: an IPv4 address whole, of an IPv6 address the first 64 bits, since one
 * customer is given at least that many. Takes what proxies write (`1.2.3.4:5678`, `[2001:db8::1]:443`, a zone);
 * undefined when the text is no address.
 */
export function networkOf(text: string): string | undefined {
  const plain = text.startsWith(MAPPED) ? text.slice(MAPPED.length) : text;
  if (IPV4.test(plain)) return plain;
  if (text.length > LONGEST) return undefined;
  const bare = withoutPort(text);
  if (IPV4.test(bare)) return bare;
  const groups = groupsOf(bare);
  if (groups === undefined) return undefined;
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) {
    const [high = 0, low = 0] = groups.slice(6);
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1];
  const address = bracketed ?? (text.indexOf(':') === text.lastIndexOf(':') ? text.replace(/:\d+$/, '') : text);
  const zone = address.indexOf('%');
  return zone < 0 ? address : address.slice(0, zone);
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] | undefined {
  const halves = hexadecimal(address).split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  return all.every((group) => GROUP.test(group)) ? all.map((group) => Number.parseInt(group, 16)) : undefined;
}

/** An IPv4 address at the end, written as the two groups it stands for. */
function hexadecimal(address: string): string {
  const begin = address.lastIndexOf(':') + 1;
  const dotted = address.slice(begin);
  if (begin === 0 || !IPV4.test(dotted)) return address;
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return `${address.slice(0, begin)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
