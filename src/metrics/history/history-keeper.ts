import { type Contribution, extensionPoint } from '../../platform/extension-point.js';
import { type KeptStep } from '../domain/history/resolution.js';
import { type SamplePlace } from '../domain/history/recording.js';

/** A sample of this node as it is stored. */
export interface StoredSample extends SamplePlace {
  /** Text of the sample. */
  readonly body: string;
}

/** Which stored samples of this node are wanted, oldest first. */
export interface SampleQuery {
  readonly step: KeptStep;
  /** Seconds since the epoch: stretches that begin at `from` or later, and before `to`. */
  readonly from: number;
  readonly to: number;
  /** Only those that stand behind this one. */
  readonly after?: Pick<SamplePlace, 'at' | 'life'> | undefined;
  /** Most samples of one page. */
  readonly limit: number;
}

/** A place that keeps samples for later lives of the node. Its methods reject while it cannot be used. */
export interface HistoryKeeper extends Contribution {
  /** Stores samples over those of the same place; resolves when they are durable. */
  keep(samples: readonly StoredSample[]): Promise<void>;
  /** A page of samples, by stretch, then life. */
  read(query: SampleQuery): Promise<StoredSample[]>;
}

/** Extension point: mark a `HistoryKeeper` with `@historyKeepers.contribute()` and list it in its module's providers. */
export const historyKeepers = extensionPoint<HistoryKeeper>('history keeper');
