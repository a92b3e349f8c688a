import { type Contribution, extensionPoint } from '../platform/extension-point.js';

/** A place that can answer calls to models. */
export interface Upstream extends Contribution {
  readonly name: 'gemini' | 'simulator';
  /** Scheme, host and port, without a slash at the end. */
  readonly origin: string;
  /** Prefix of every path, empty or with a leading slash. */
  readonly basePath: string;
  /** Makes the upstream usable; called once, before the node listens, on the one that is chosen. */
  open(): Promise<void>;
}

/** Extension point: mark an `Upstream` with `@upstreams.contribute()` and list it in gemini's providers. */
export const upstreams = extensionPoint<Upstream>('upstream');
