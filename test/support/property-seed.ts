import fc from 'fast-check';

/** The seed of property tests: the same in each run, so that a change is judged by the change; FC_SEED tries others. */
const DEFAULT_SEED = 104;

fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? DEFAULT_SEED) });
