import { type ServerResponse } from 'node:http';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { gatewayError } from '../kernel/error-codes.js';
import { Lifecycle } from '../platform/lifecycle.js';
import { eventText, FIRST_TEXT, type lastSeen } from './domain/event-text.js';
import { EventReader } from './event-reader.js';
import { HealProgress } from './heal-progress.js';
import { Journal } from './journal.service.js';

/** Most readers at once: some open pages and tools for each administrator. */
const READERS = 50;
/** Time after which another reader may find a place, ms. */
const TRY_AGAIN_MS = 10_000;
/** Silence after which common proxies are still far from cutting a connection, ms. */
const HEARTBEAT_MS = 15_000;

/** Tells readers of `GET /self/events` what is written into the journal, and which step of a heal runs. */
@Injectable()
export class LiveEvents implements OnModuleDestroy {
  readonly #readers = new Set<EventReader>();
  readonly #leave: readonly (() => void)[];
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Journal) private readonly journal: Journal,
    @Inject(HealProgress) progress: HealProgress,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
  ) {
    this.#leave = [
      journal.subscribe((entry) => {
        for (const reader of this.#readers) reader.take(entry);
      }),
      progress.steps.subscribe((step) => {
        this.tell('heal_progress', step);
      }),
    ];
  }

  /**
   * Answers with events until the reader leaves or the node does: first what has happened since the one it has seen
   * last. Throws OVERLOADED when there are too many readers, DRAINING when the node leaves.
   */
  async serve(response: ServerResponse, seen: ReturnType<typeof lastSeen>): Promise<void> {
    this.#admit();
    if (typeof seen === 'number') {
      await this.journal.ready();
      // Others may have come meanwhile.
      this.#admit();
    }
    if (response.destroyed) return;
    // After its end the connection carries nothing else: a node that leaves does not wait for it.
    response.shouldKeepAlive = false;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    response.write(FIRST_TEXT);
    const { first = null, last } = this.journal;
    const missed = seen === 'unknown' || (typeof seen === 'number' && this.journal.since(seen).gap);
    if (missed) response.write(eventText('resync', { oldest: first, latest: last }, last));
    const reader = this.#add(response);
    if (typeof seen === 'number' && !missed) reader.catchUp(seen);
  }

  /** Tells who reads now of what is only of interest now: the journal does not keep it, and it is not told again. */
  tell(name: string, data: object): void {
    if (this.#readers.size === 0) return;
    const text = eventText(name, data);
    for (const reader of this.#readers) reader.tell(text);
  }

  /** Ends all answers; nobody else is let in while the node leaves. */
  end(): void {
    for (const reader of this.#readers) reader.end();
  }

  onModuleDestroy(): void {
    for (const leave of this.#leave) leave();
    this.end();
    clearInterval(this.#heartbeat);
  }

  #admit(): void {
    if (this.lifecycle.phase === 'draining')
      throw gatewayError('DRAINING', 'The node is shutting down.', { retryAfterMs: TRY_AGAIN_MS });
    if (this.#readers.size >= READERS) {
      const text = `Already ${READERS} readers follow the events. GET /self/journal tells the same.`;
      throw gatewayError('OVERLOADED', text, { retryAfterMs: TRY_AGAIN_MS });
    }
  }

  #add(response: ServerResponse): EventReader {
    const reader = new EventReader(response, (number) => this.journal.since(number));
    this.#readers.add(reader);
    this.#heartbeat ??= setInterval(() => {
      for (const one of this.#readers) one.beat();
    }, HEARTBEAT_MS).unref();
    response.on('close', () => {
      this.#readers.delete(reader);
      if (this.#readers.size > 0) return;
      clearInterval(this.#heartbeat);
      this.#heartbeat = undefined;
    });
    return reader;
  }
}
