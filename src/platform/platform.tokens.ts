/** Injection token of the clock that every part reads time from. */
export const CLOCK = Symbol('clock');

/** Injection token of the name of the upstream that answers: `gemini` or `simulator`. */
export const UPSTREAM_NAME = Symbol('upstream name');

/** Injection token of whether clients are served with keys of their own, which only Gemini can tell from made-up ones. */
export const CLIENTS_BRING_KEYS = Symbol('clients bring keys');
