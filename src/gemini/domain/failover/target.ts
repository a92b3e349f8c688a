/** One place that may answer: a model, asked with a key (its id, never the key itself). */
export interface Target {
  readonly model: string;
  readonly key: string;
}

/** What the rest of the node knows of targets, asked afresh at each step. */
export interface Availability {
  /** Ids of the keys that may be used for a model, the best one first. */
  keys(model: string): readonly string[];
  /** How long the key still rests for the model, ms: 0 is ready, Infinity never. */
  restMs(target: Target): number;
  /** How long the circuit of the target still refuses, ms: 0 is passable. Not waited for, only told. */
  openMs(target: Target): number;
  /** Why it refuses, in some words; undefined when it does not. */
  openCause?(target: Target): string | undefined;
  /** Input limit of a model, tokens, where it is known. */
  inputLimit?(model: string): number | undefined;
}

/** A name for a target that no other has, whatever the two names hold. */
export function targetId({ model, key }: Target): string {
  return JSON.stringify([key, model]);
}
