import { readFileSync } from 'node:fs';

/** State of an established connection in `/proc/net/tcp`. */
const ESTABLISHED = '01';

/** Connections of this machine that are open towards a port of the loopback address; undefined where that cannot be read. */
export function openSocketsTo(port: number): number | undefined {
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  try {
    const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n');
    return lines.filter((line) => {
      const [, , to, state] = line.trim().split(/\s+/);
      return to === remote && state === ESTABLISHED;
    }).length;
  } catch {
    return undefined;
  }
}
