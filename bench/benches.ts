import { type Bench } from './bench.js';
import { circuit } from './benches/circuit.js';
import { latency } from './benches/latency.js';
import { longStreams } from './benches/long-streams.js';
import { memory } from './benches/memory.js';
import { profile } from './benches/profile.js';
import { scrape } from './benches/scrape.js';
import { streams } from './benches/streams.js';
import { telemetryCpu } from './benches/telemetry-cpu.js';
import { unaryCpu } from './benches/unary-cpu.js';

/** Every benchmark, in the order in which they run. */
export const BENCHES: readonly Bench[] = [
  unaryCpu,
  latency,
  streams,
  longStreams,
  circuit,
  memory,
  scrape,
  telemetryCpu,
  profile,
];
