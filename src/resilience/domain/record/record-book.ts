import { type Clock } from '../../../kernel/clock.js';
import { type RecordView, TargetRecord } from './target-record.js';

/** Records that are kept, as many as circuits; names may come from callers. */
const MOST = 1000;

/** The records of all targets by name. Bounded: a new one takes the place of the one that nothing was heard of for longest. */
export class RecordBook {
  /** The one heard of longest ago comes first. */
  readonly #records = new Map<string, TargetRecord>();
  readonly #since: number;

  constructor(
    private readonly clock: Clock,
    private readonly most: number = MOST,
  ) {
    this.#since = clock.now();
  }

  /** Records that are kept. */
  get size(): number {
    return this.#records.size;
  }

  /** The record of a target, made when it is new. */
  get(name: string): TargetRecord {
    const record = this.#records.get(name) ?? new TargetRecord(this.clock);
    this.#records.delete(name);
    const [oldest] = this.#records.keys();
    if (this.#records.size >= this.most && oldest !== undefined) this.#records.delete(oldest);
    this.#records.set(name, record);
    return record;
  }

  /** How a target has done; of one that nothing was heard of, that nothing is known. */
  view(name: string): RecordView {
    return (this.#records.get(name) ?? new TargetRecord(this.clock)).view(this.#since);
  }
}
