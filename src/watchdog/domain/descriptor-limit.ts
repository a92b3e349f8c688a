/** The soft limit on open files out of `/proc/self/limits`; undefined where there is none, or it cannot be read. */
export function descriptorLimit(limits: string): number | undefined {
  const soft = /^Max open files\s+(\d+)\s/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}
