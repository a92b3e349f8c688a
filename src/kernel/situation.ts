/** What the status sentence can be about. */
export const SITUATIONS = [
  'starting',
  'healthy',
  'idle',
  'recovered',
  'degraded',
  'quota',
  'healing',
  'watch',
  'overloaded',
  'unhealthy',
  'needs_you',
  'isolated',
  'draining',
] as const;

/** The row of the table that speaks. */
export type Situation = (typeof SITUATIONS)[number];
