import { type Fault, type FaultPlan } from './fault-plan.js';

/** Ready-made troubles, each for a stated time. */
export const FAULT_PRESETS = ['outage', 'quota', 'stall', 'cut', 'slow'] as const;
export type FaultPresetName = (typeof FAULT_PRESETS)[number];

const GENERATING = ['*enerateContent', '*mbedContent*', 'createInteraction', 'streamInteraction'];
const STREAMING = ['stream*'];

const FAULTS: Readonly<Record<FaultPresetName, readonly { methods: readonly string[]; fault: Fault }[]>> = {
  outage: [{ methods: GENERATING, fault: { kind: 'error', status: 'UNAVAILABLE', bare: false, html: false } }],
  quota: [
    {
      methods: GENERATING,
      fault: { kind: 'error', status: 'RESOURCE_EXHAUSTED', quota: 'PerMinute', bare: false, html: false },
    },
  ],
  stall: [{ methods: STREAMING, fault: { kind: 'stall', afterEvents: 3 } }],
  cut: [{ methods: STREAMING, fault: { kind: 'reset', beforeHeaders: false, afterEvents: 3 } }],
  slow: [
    { methods: GENERATING, fault: { kind: 'firstTokenDelay', ms: 4_000 } },
    { methods: STREAMING, fault: { kind: 'slow', perEventMs: 400 } },
  ],
};

/** The plan of a preset that ends by itself after `durationMs` milliseconds. */
export function presetPlan(name: FaultPresetName, durationMs: number): FaultPlan {
  const faults = FAULTS[name].map(({ methods, fault }, at) => ({
    id: `${name}-${at + 1}`,
    surface: 'any' as const,
    methods,
    fromMs: 0,
    forMs: durationMs,
    skip: 0,
    probability: 1,
    fault,
  }));
  return { seed: 1, faults, preset: name };
}
