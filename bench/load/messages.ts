/** Header by which the load asks the upstream for a stream: `<events>,<ms between two sendings>,<events of a sending>`. */
export const STREAM_HEADER = 'x-bench-stream';

/** The request that is sent again and again. */
export interface RequestForm {
  readonly path: string;
  /** Flat list of names and values, beside those that every request has. */
  readonly headers: readonly string[];
  readonly body: string;
}

interface Load {
  /** Port of the target on the loopback address. */
  readonly port: number;
  readonly request: RequestForm;
  readonly connections: number;
}

/** Every connection sends its next request when it has the answer to the last. */
export interface ClosedLoop extends Load {
  readonly kind: 'closed';
  /** Requests in all. */
  readonly requests: number;
}

/** Requests are sent at fixed times, whatever became of those before. */
export interface OpenLoop extends Load {
  readonly kind: 'open';
  /** Requests per second. */
  readonly rate: number;
  readonly requests: number;
}

/** Every connection carries one stream after the other. */
export interface Streams extends Load {
  readonly kind: 'streams';
  /** Streams per connection. */
  readonly repeats: number;
  /** Events of a stream. */
  readonly events: number;
  /** Milliseconds from sending to sending. */
  readonly intervalMs: number;
  /** Events that the upstream sends at a time. */
  readonly burst?: number;
}

export type LoadCommand = ClosedLoop | OpenLoop | Streams;

/** What a load showed, times in ms. */
export interface LoadResult {
  /** Requests answered in full. */
  readonly answered: number;
  readonly wallMs: number;
  /** Open loop: from the time a request was due to the end of its answer. */
  readonly latency?: Quantiles;
  /** Streams: from sending the request to its first event. */
  readonly firstEvent?: Quantiles;
  /** Streams: from the upstream's writing an event to its arrival. */
  readonly eventDelay?: Quantiles;
  /** What went wrong first; nothing else counts then. */
  readonly failure?: string;
}

/** Quantiles of some times, ms. */
export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}
