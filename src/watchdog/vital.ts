import { type Cause, type Evidence } from '../heal/index.js';
import { type VitalFigure } from './domain/vital-figure.js';
import { type Contribution, extensionPoint } from '../platform/extension-point.js';

/** What a vital says when its part is not well. */
export interface Finding {
  /** `degraded`: served all the same; `unhealthy`: requests fail. */
  readonly severity: 'degraded' | 'unhealthy';
  /** One sentence with the reason, safe to show to anybody. */
  readonly reason: string;
  /** True when the node should take no traffic until it is better. */
  readonly notReady?: boolean;
  readonly cause: Cause;
  /** Facts behind the reason. */
  readonly evidence?: Evidence;
  /** The evidence has gathered over time already: the watchdog does not wait for it to be found again and again. */
  readonly urgent?: boolean;
  /** A new process would be rid of it, as far as can be told: where milder repairs fail the node may restart for it. */
  readonly restartCures?: boolean;
  /** False for what a person is to know, and no heal is to be run for. */
  readonly healable?: boolean;
  /** What a person can do where the node cannot, as one sentence. */
  readonly advice?: string;
}

/** A reading of one part of the node, cheap enough for every probe. */
export interface Vital extends Contribution {
  /** Undefined when the part is well. */
  read(): Finding | undefined;
  /** What it reads, as numbers beside their limits; for people, whether it is well or not. */
  figures?(): readonly VitalFigure[];
  /** Looks closer, at disks or the network, before the watchdog reads it; never while it still looks. */
  refresh?(signal: AbortSignal): Promise<void>;
  /** True while nothing has come since `forget` that could show whether the part is better. */
  readonly quiet?: boolean;
  /** A heal of the cause has run: what was seen before it is no longer held against the part. */
  forget?(): void;
}

/** Extension point: mark a `Vital` with `@vitals.contribute()` and list it in its module's providers. */
export const vitals = extensionPoint<Vital>('vital');
