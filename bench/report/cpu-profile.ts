import { basename } from 'node:path';

/** A profile as V8 writes it; times in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Whose code a function is. */
export type Owner = 'this node' | 'undici' | 'other packages' | 'node' | 'garbage collector' | 'native, system calls';

/** Time spent in a function itself, not in what it calls. */
export interface SelfTime {
  readonly owner: Owner;
  /** Function, file and line. */
  readonly place: string;
  readonly ms: number;
}

/** The native function of the inspector in which a profile is begun and ended. */
const INSPECTOR = 'dispatch';

/** Self times by function, the greatest first; idle time is left out. */
export function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): SelfTime[] {
  const times = new Map<number, number>();
  samples.forEach((id, i) => times.set(id, (times.get(id) ?? 0) + (timeDeltas[i] ?? 0) / 1000));
  const functions = new Map<string, SelfTime>();
  for (const { id, callFrame } of nodes) {
    const { functionName, url, lineNumber } = callFrame;
    if (functionName === '(idle)' || (functionName === INSPECTOR && url === '')) continue;
    const owner = ownerOf(functionName, url);
    const place = url === '' ? functionName : `${functionName || '(anonymous)'} ${basename(url)}:${lineNumber + 1}`;
    const ms = (functions.get(place)?.ms ?? 0) + (times.get(id) ?? 0);
    functions.set(place, { owner, place, ms });
  }
  return [...functions.values()].sort((a, b) => b.ms - a.ms);
}

function ownerOf(functionName: string, url: string): Owner {
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (url === '' || functionName === '(program)') return 'native, system calls';
  if (url.startsWith('node:')) return 'node';
  // The only WebAssembly that runs is the parser of undici.
  if (url.includes('/node_modules/undici/') || url.startsWith('wasm:')) return 'undici';
  return url.includes('/node_modules/') ? 'other packages' : 'this node';
}
