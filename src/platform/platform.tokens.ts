/** Injection token of the clock that every part reads time from. */
export const CLOCK = Symbol('clock');
