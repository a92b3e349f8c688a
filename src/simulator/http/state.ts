import { createHash, randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../../kernel/clock.js';
import { type Turn } from '../domain/conversation.js';
import { FaultBook } from '../domain/fault-book.js';
import { type JsonObject } from '../domain/json.js';
import { ModelTable } from '../domain/model-table.js';
import { QuotaLedger, type QuotaLimits } from '../domain/quota.js';
import { Shelf } from '../domain/shelf.js';
import { type SimulatorOptions } from '../options.js';
import { type UploadSession } from './upload-session.js';

/** A cached content: its resource and what it counts as, in tokens. */
export interface CachedContent {
  readonly resource: JsonObject;
  readonly tokens: number;
}

/** A finished interaction: its resource and the turns the next one builds on. */
export interface KeptInteraction {
  readonly resource: JsonObject;
  readonly turns: readonly Turn[];
}

const HOUR_MS = 3_600_000;
const MAX_HASHED_KEYS = 1_000;
const GIGABYTE = 1024 ** 3;

/** Everything one simulator remembers between requests; every part of it is bounded. */
export class SimulatorState {
  readonly options: SimulatorOptions;
  readonly clock: Clock;
  readonly models: ModelTable;
  readonly faults: FaultBook;
  readonly files: Shelf<JsonObject>;
  readonly uploads: Shelf<UploadSession>;
  readonly caches: Shelf<CachedContent>;
  readonly interactions: Shelf<KeptInteraction>;
  /** Base URL of the simulator itself, set once it listens. */
  url = '';
  /** Whether connections are refused now. */
  refusing = false;
  readonly #quota: QuotaLedger;
  readonly #keyHashes = new Map<string, string>();
  readonly #run = randomBytes(4).toString('hex');
  #ids = 0;

  constructor(options: SimulatorOptions) {
    const clock = options.clock ?? systemClock;
    this.options = options;
    this.clock = clock;
    this.models = new ModelTable(options.models);
    this.faults = new FaultBook(clock);
    this.#quota = new QuotaLedger(clock);
    this.files = new Shelf(clock, { items: 200, weight: 20 * GIGABYTE, keepMs: 48 * HOUR_MS });
    this.uploads = new Shelf(clock, { items: 50, weight: 0, keepMs: HOUR_MS });
    this.caches = new Shelf(clock, { items: 200, weight: 0, keepMs: HOUR_MS });
    this.interactions = new Shelf(clock, { items: 200, weight: 32 * 1024 * 1024, keepMs: 24 * HOUR_MS });
  }

  /** A name that this simulator has not used before. */
  nextId(prefix: string): string {
    return `${prefix}${this.#run}${(++this.#ids).toString(36).padStart(6, '0')}`;
  }

  /** The current wall-clock time as Google writes it. */
  isoNow(afterMs = 0): string {
    return new Date(this.clock.wall() + afterMs).toISOString();
  }

  /** First eight hex digits of a key's SHA-256; empty without a key. */
  keyHash(key: string | undefined): string {
    if (key === undefined) return '';
    const known = this.#keyHashes.get(key);
    if (known !== undefined) return known;
    if (this.#keyHashes.size >= MAX_HASHED_KEYS) this.#keyHashes.clear();
    const hash = sha256(key).slice(0, 8);
    this.#keyHashes.set(key, hash);
    return hash;
  }

  /** The project a key belongs to; a key that no option names is a project of its own. */
  projectOf(key: string | undefined): string {
    return (key === undefined ? undefined : this.options.projects?.[key]) ?? this.keyHash(key);
  }

  /** Counts one request against the quota of the key's project, or throws the 429. */
  takeQuota(key: string | undefined, model: string): void {
    const limits: QuotaLimits | undefined = this.faults.quota ?? this.options.quota;
    if (limits === undefined) return;
    this.#quota.take(this.projectOf(key), model, limits);
  }
}

/** Hex SHA-256 of bytes or of a text. */
export function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}
