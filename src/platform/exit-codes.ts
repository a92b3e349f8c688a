/** Exit codes, as in sysexits.h. */
export const EXIT = { ok: 0, usage: 64, unavailable: 69, bug: 70, io: 74, later: 75, config: 78 } as const;
