/** How a request ended: by itself, by a fault of the named kind, or because the client left. */
export type RequestOutcome = 'completed' | 'client_aborted' | `fault:${string}`;

/** What is kept of one request; never its text, never a key. */
export interface RequestRecord {
  /** Number of the request since the start, from 1. */
  readonly number: number;
  readonly verb: string;
  /** Path and query as they arrived, with the value of `key` masked. */
  readonly path: string;
  readonly surface: 'native' | 'openai';
  /** The API method, such as `streamGenerateContent`; the same names on both surfaces. */
  readonly method: string;
  /** Model without `models/` in front; empty when the request names none. */
  readonly model: string;
  /** Hex SHA-256 of the body. */
  readonly bodySha256: string;
  readonly bodyBytes: number;
  /** Header names and values in the order of the wire; keys are replaced by `#` and their hash. */
  readonly headers: readonly (readonly [string, string])[];
  /** First eight hex digits of the key's SHA-256; empty without a key. */
  readonly keyHash: string;
  /** Wall-clock milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  /** HTTP status sent; nothing before the head. */
  readonly status: number | undefined;
  /** Events of the answer that were sent whole; a unary answer is one. */
  readonly eventsSent: number;
  /** Kinds of all faults that applied, also those that only delayed. */
  readonly faults: readonly string[];
  /** Nothing while the request is in flight. */
  readonly outcome: RequestOutcome | undefined;
}

/** What the simulator itself writes into a record while the request runs. */
export type OpenRecord = { -readonly [Field in keyof RequestRecord]: RequestRecord[Field] };

/** How many requests there were since the start, by what became of them. */
export interface JournalCounts {
  readonly received: number;
  readonly completed: number;
  readonly clientAborted: number;
  readonly faulted: number;
  /** Answers by HTTP status. */
  readonly byStatus: Readonly<Record<string, number>>;
}

interface Waiter {
  readonly predicate: (record: RequestRecord) => boolean;
  readonly resolve: (record: RequestRecord) => void;
}

/** A bounded memory of what arrived at the simulator. */
export class RequestJournal {
  readonly #size: number;
  readonly #records: OpenRecord[] = [];
  readonly #waiters = new Set<Waiter>();
  readonly #byStatus = new Map<number, number>();
  #open = 0;
  #received = 0;
  #completed = 0;
  #aborted = 0;
  #faulted = 0;

  constructor(size = 1_000) {
    this.#size = Math.max(1, size);
  }

  /** Requests in flight now. */
  get open(): number {
    return this.#open;
  }

  /** The newest requests, oldest first. */
  get records(): readonly RequestRecord[] {
    return this.#records.slice(-this.#size);
  }

  /** The newest request, if there was one. */
  get last(): RequestRecord | undefined {
    return this.#records.at(-1);
  }

  /** Counts since the start or the last `clear`. */
  get counts(): JournalCounts {
    return {
      received: this.#received,
      completed: this.#completed,
      clientAborted: this.#aborted,
      faulted: this.#faulted,
      byStatus: Object.fromEntries(this.#byStatus),
    };
  }

  /** Forgets all records and counts; requests in flight stay counted as open. */
  clear(): void {
    this.#records.length = 0;
    this.#byStatus.clear();
    this.#received = this.#completed = this.#aborted = this.#faulted = 0;
  }

  /** The first record, kept or to come, for which the predicate holds; asked when one is made, changed or ended. */
  waitFor(predicate: (record: RequestRecord) => boolean, timeoutMs: number): Promise<RequestRecord> {
    const known = this.records.find(predicate);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        predicate,
        resolve: (record) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(record);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(
          new Error(`no matching request within ${timeoutMs} ms; ${this.#received} arrived, ${this.#open} in flight`),
        );
      }, timeoutMs);
      this.#waiters.add(waiter);
    });
  }

  /** Begins a record; its text fields are filled in as they become known. */
  begin(
    fields: Pick<RequestRecord, 'verb' | 'path' | 'surface' | 'method' | 'headers' | 'keyHash' | 'startedAt'>,
  ): OpenRecord {
    const record: OpenRecord = {
      ...fields,
      number: ++this.#received,
      model: '',
      bodySha256: '',
      bodyBytes: 0,
      endedAt: undefined,
      status: undefined,
      eventsSent: 0,
      faults: [],
      outcome: undefined,
    };
    this.#open++;
    this.#records.push(record);
    // Thrown away by the half, so that forgetting one record does not move all the others.
    if (this.#records.length >= 2 * this.#size) this.#records.splice(0, this.#records.length - this.#size);
    return record;
  }

  /** Lets those who wait look at a record again. */
  changed(record: RequestRecord): void {
    for (const waiter of this.#waiters) if (waiter.predicate(record)) waiter.resolve(record);
  }

  /** Ends a record. */
  finish(record: OpenRecord, outcome: RequestOutcome, endedAt: number): void {
    record.outcome = outcome;
    record.endedAt = endedAt;
    this.#open--;
    if (outcome === 'completed') this.#completed++;
    else if (outcome === 'client_aborted') this.#aborted++;
    else this.#faulted++;
    if (record.status !== undefined) this.#byStatus.set(record.status, (this.#byStatus.get(record.status) ?? 0) + 1);
    this.changed(record);
  }
}
