import { Inject, Injectable } from '@nestjs/common';
import { fullHash, SHORT_HASH_DIGITS } from './access.js';
import { accessLine } from './domain/access-line.js';
import { LOG, type Log, logFields } from './logging.js';
import { platformSettings } from './platform.settings.js';
import { type RequestFinished } from './request-context.js';
import { RequestEvents } from './request-events.js';
import { type SettingsOf } from './settings.js';

/** One line per counted request, when it ends, whatever becomes of it. */
@Injectable()
export class AccessLog {
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
    const line = accessLine(finished, client === undefined ? undefined : shortName(client));
    this.log.info(identity === undefined ? line : { ...line, ...logFields(identity) }, `${method} ${route} ${status}`);
  }
}

/** A client is known by a digest of its key, or by its network, which nobody needs to read in a log. */
function shortName(client: string): string {
  return (/^[0-9a-f]{64}$/.test(client) ? client : fullHash(client)).slice(0, SHORT_HASH_DIGITS);
}
