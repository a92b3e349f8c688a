import { type Contribution, extensionPoint } from '../platform/extension-point.js';

/** A part of the node as `GET /self/overview` shows it, under its name. */
export interface OverviewPart extends Contribution {
  /** What stands there now, under the names of the API; cheap enough to be asked every few seconds. */
  read(): unknown;
}

/** Extension point: mark an `OverviewPart` with `@overviewParts.contribute()` and list it in its module's providers. */
export const overviewParts = extensionPoint<OverviewPart>('overview part');
