import { type Contribution, extensionPoint } from '../platform/extension-point.js';

/** What a vital says when its part is not well. */
export interface Finding {
  /** `degraded`: served all the same; `unhealthy`: requests fail. */
  readonly severity: 'degraded' | 'unhealthy';
  /** One sentence with the reason, safe to show to anybody. */
  readonly reason: string;
  /** True when the node should take no traffic until it is better. */
  readonly notReady?: boolean;
}

/** A reading of one part of the node, cheap enough for every probe. */
export interface Vital extends Contribution {
  /** Undefined when the part is well. */
  read(): Finding | undefined;
}

/** Extension point: mark a `Vital` with `@vitals.contribute()` and list it in its module's providers. */
export const vitals = extensionPoint<Vital>('vital');
