import { type SimulatorOptions } from '../../src/simulator/index.js';
import { FALLBACK, PRIMARY } from '../scenarios/scenario.js';

/** Longer than any answer of the mixture, tokens. */
const OUTPUT_LIMIT = 10_000_000;

/** An upstream whose models all give the same answer, so that one can be told from half of one, whoever answers. */
export const SIMULATOR: SimulatorOptions = {
  sameTextForAllModels: true,
  wordDelayMs: 3,
  models: [PRIMARY, FALLBACK, 'gemini-2.5-flash-lite'].map((name) => ({ name, outputTokenLimit: OUTPUT_LIMIT })),
};
