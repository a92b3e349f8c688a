/** Names of the vitals as they are shown, in this order. */
const NAMES: Readonly<Record<string, string>> = {
  event_loop_delay: 'Event loop delay',
  heap: 'Heap',
  resident_memory: 'Memory of the process',
  disk_free: 'Disk, free',
  file_descriptors: 'File descriptors',
};
const ORDER = Object.keys(NAMES);

/** A vital as people name it. */
export function vitalName(name: string): string {
  return NAMES[name] ?? name.replaceAll('_', ' ');
}

/** Puts vitals into the order in which they are shown; those that are new stand last. */
export function byVitalOrder(a: { readonly name: string }, b: { readonly name: string }): number {
  const place = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return place(a.name) - place(b.name);
}
