import { type Admin } from '../domain/admin-reading.js';
import { type Figures, type HealthReading, readFigures, readHealth } from '../domain/node-reading.js';
import { lookAsAdmin } from './admin-contact.js';

/** Longest wait for an answer of the node, ms; shorter than the time between two looks. */
const ANSWER_MS = 4000;

/** One look at the node. Rejects when nothing answers that speaks like a node. */
export async function look(): Promise<{ health: HealthReading; figures: Figures; admin: Admin }> {
  const [health, figures, admin] = await Promise.all([getHealth(), getFigures(), lookAsAdmin()]);
  return { health, figures, admin };
}

async function getHealth(): Promise<HealthReading> {
  // An unhealthy node answers 503 with the same body; a proxy's 503 has another.
  const health = readHealth(await (await get('/health')).json());
  if (health === undefined) throw new Error('no answer of a node');
  return health;
}

async function getFigures(): Promise<Figures> {
  try {
    const response = await get('/metrics');
    return response.status === 401 ? 'refused' : readFigures(await response.json());
  } catch {
    return 'unknown';
  }
}

function get(path: string): Promise<Response> {
  return fetch(path, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
}
