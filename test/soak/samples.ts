/** The memory of the node at one moment, after a collection. */
export interface Sample {
  /** Since the begin of the traffic, s. */
  readonly second: number;
  /** MiB. */
  readonly heap: number;
  /** Buffers outside the heap, MiB. */
  readonly external: number;
  /** MiB. */
  readonly rss: number;
}

const MIB = 1024 * 1024;

/** A reading as a sample. */
export function sampleOf(second: number, { heapUsed, external, rss }: NodeJS.MemoryUsage): Sample {
  return { second, heap: heapUsed / MIB, external: external / MIB, rss: rss / MIB };
}

/** Growth of the heap from the first third of the samples to the last, as a share; undefined with fewer than three. */
export function heapGrowth(samples: readonly Sample[]): number | undefined {
  const third = Math.floor(samples.length / 3);
  if (third === 0) return undefined;
  return mean(samples.slice(-third)) / mean(samples.slice(0, third)) - 1;
}

function mean(samples: readonly Sample[]): number {
  return samples.reduce((sum, { heap }) => sum + heap, 0) / samples.length;
}
