import { MODEL } from '../drivers/client-driver.js';

/** In what circumstances faults strike, and so what is left to the node to heal them. */
export interface Circumstance {
  readonly name: string;
  /** What it is, for the reader of a table. */
  readonly about: string;
  /** The model asked for; all models word the same answer. */
  readonly model: string;
  /** Whether a fault strikes the first attempt alone. Otherwise it strikes every attempt at the model asked for. */
  readonly once: boolean;
  /** A model that always answers well. */
  readonly fallback?: string;
}

/** All of them; in the last one alone nothing can help. */
export const CIRCUMSTANCES = {
  prefill: { name: 'prefill', about: 'once, a model that takes a prefilled turn', model: MODEL, once: true },
  replay: { name: 'replay', about: 'once, a model that does not', model: 'gemini-3.5-flash', once: true },
  token: { name: 'token', about: 'once, a model with continuation tokens', model: 'gemini-4-argon', once: true },
  fallback: {
    name: 'fallback',
    about: 'every time, with a fallback',
    model: MODEL,
    once: false,
    fallback: 'gemini-2.5-pro',
  },
  lasting: { name: 'lasting', about: 'every time, nothing to fall back on', model: MODEL, once: false },
} as const satisfies Readonly<Record<string, Circumstance>>;
