import { type HealthReading, readHealth } from '../domain/node-reading.js';
import { NOTHING_READ, READ_ROUTES, type ReadingName, readingOf, type Readings } from '../domain/readings.js';

/** Longest wait for an answer of the node, ms; shorter than the time between two looks. */
const ANSWER_MS = 4000;

/** Looks at the node. What was refused is not asked for again until there is reason to think it would be given. */
export class Contact {
  /** A set anew each time the reader may be another: a refusal still on its way was of who read before. */
  #refused = new Set<ReadingName>();
  /** Seconds; less than before after a restart, which may have other settings. */
  #uptime = 0;

  /** @param restarted told when the node has been started again */
  constructor(private readonly restarted: () => void) {}

  /** One look at the node. Rejects when nothing answers that speaks like a node. */
  async look(): Promise<Readings & { health: HealthReading }> {
    const names = Object.keys(READ_ROUTES) as ReadingName[];
    const [health, ...pairs] = await Promise.all([
      getHealth(),
      ...names.map(async (name) => [name, await this.#read(name)] as const),
    ]);
    if (health.uptime_seconds < this.#uptime) {
      this.forget();
      this.restarted();
    }
    this.#uptime = health.uptime_seconds;
    return { ...NOTHING_READ, ...(Object.fromEntries(pairs) as Partial<Readings>), health };
  }

  /** Asks for everything at the next look: who reads the page may be another. */
  forget(): void {
    this.#refused = new Set();
  }

  async #read<N extends ReadingName>(name: N): Promise<Readings[N]> {
    const refused = this.#refused;
    if (refused.has(name)) return 'refused';
    try {
      const response = await get(READ_ROUTES[name].path);
      const reading = readingOf(name, response.status, response.ok ? await response.json() : undefined);
      if (reading === 'refused') refused.add(name);
      return reading;
    } catch {
      return 'unknown';
    }
  }
}

async function getHealth(): Promise<HealthReading> {
  // An unhealthy node answers 503 with the same body; a proxy's 503 has another.
  const health = readHealth(await (await get('/health')).json());
  if (health === undefined) throw new Error('no answer of a node');
  return health;
}

function get(path: string): Promise<Response> {
  return fetch(path, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
}
