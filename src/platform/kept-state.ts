import { type Contribution, extensionPoint } from './extension-point.js';

/** What a part of the node has learnt and what is to outlive the process. */
export interface KeptState extends Contribution {
  /** What to keep, as plain JSON without secrets: asked for every few seconds, and the same while nothing has changed. */
  save(): unknown;
  /**
   * Takes up what an earlier life of the node has saved, with whatever settings that one had; leaves what makes no
   * sense. Called at most once, before the node takes calls.
   */
  restore(stored: unknown): void;
}

/** Extension point: mark a `KeptState` with `@keptStates.contribute()` and list it in its module's providers. */
export const keptStates = extensionPoint<KeptState>('kept state');
