import { Inject, Injectable } from '@nestjs/common';
import { fullHash, SHORT_HASH_DIGITS } from './access.js';
import { accessLine } from './domain/access-line.js';
import { LOG, type Log, logFields } from './logging.js';
import { platformSettings } from './platform.settings.js';
import { type RequestFinished } from './request-context.js';
import { RequestEvents } from './request-events.js';
import { type SettingsOf } from './settings.js';

/** Clients whose short names are remembered, so that a busy one costs no digest per request. */
const NAMES = 1000;

/** One line per counted request, when it ends, whatever becomes of it. */
@Injectable()
export class AccessLog {
  readonly #names = new Map<string, string>();

  constructor(
    @Inject(LOG) private readonly log: Log,
    @Inject(platformSettings.KEY) settings: SettingsOf<typeof platformSettings>,
    events: RequestEvents,
  ) {
    // Nothing is put together that no line would come of.
    if (!settings.accessLog || !log.isLevelEnabled('info')) return;
    events.finished.subscribe((finished) => {
      this.#write(finished);
    });
  }

  #write(finished: RequestFinished): void {
    const { identity, client, method, route, status } = finished;
    const line = accessLine(finished, client === undefined ? undefined : this.#nameOf(client));
    if (identity !== undefined) Object.assign(line, logFields(identity));
    this.log.info(line, `${method} ${route} ${status}`);
  }

  /** A client is known by a digest of its key, or by its network, which nobody needs to read in a log. */
  #nameOf(client: string): string {
    if (/^[0-9a-f]{64}$/.test(client)) return client.slice(0, SHORT_HASH_DIGITS);
    const known = this.#names.get(client);
    if (known !== undefined) return known;
    if (this.#names.size >= NAMES) this.#names.clear();
    const name = fullHash(client).slice(0, SHORT_HASH_DIGITS);
    this.#names.set(client, name);
    return name;
  }
}
