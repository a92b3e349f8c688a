import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { type ErrorCode } from '../kernel/error-codes.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type RequestFinished } from '../platform/request-context.js';
import { RequestEvents } from '../platform/request-events.js';
import { type SettingsOf } from '../platform/settings.js';
import { RequestErrors } from './domain/request-errors.js';
import { REQUEST_ERRORS } from './domain/request-errors-name.js';
import { type Finding, type Vital, vitals } from './vital.js';
import { watchdogSettings } from './watchdog.settings.js';

/** Code of a request that was one too many of its client. */
const RATE_LIMITED: ErrorCode = 'RATE_LIMITED';

/** How many of the requests that the node serves fail: what its users feel. */
@vitals.contribute()
@Injectable()
export class RequestErrorsVital implements Vital {
  readonly name = REQUEST_ERRORS;
  readonly errors: RequestErrors;
  /** Told when the errors have come to be too many. */
  onTooMany: () => void = () => undefined;

  constructor(
    @Inject(watchdogSettings.KEY) private readonly settings: SettingsOf<typeof watchdogSettings>,
    @Inject(CLOCK) clock: Clock,
    @Inject(RequestEvents) events: RequestEvents,
  ) {
    this.errors = new RequestErrors(clock, settings.errorThreshold);
    events.finished.subscribe((event) => {
      this.#count(event);
    });
  }

  read(): Finding | undefined {
    const { errors } = this;
    if (!errors.failing) return undefined;
    const { score, cause, lastFailure = 'no code' } = errors;
    const rate = Math.round(errors.rate * 100);
    return {
      severity: 'unhealthy',
      reason: `Requests fail, the last one with ${lastFailure}.`,
      cause,
      evidence: { score, threshold: this.settings.errorThreshold, failed_percent: rate, last: lastFailure },
      urgent: true,
      restartCures: cause === 'internal_fault',
    };
  }

  get quiet(): boolean {
    return this.errors.quiet;
  }

  forget(): void {
    this.errors.forget();
  }

  #count({ status, broken, code, call }: RequestFinished): void {
    // Neither a client who left nor one who sent too much says anything about the node and the upstream.
    if (status === 499 || code === RATE_LIMITED) return;
    // An error of the client says that the node and the upstream answered.
    const failed = status >= 500 || broken;
    // An answer that was shared was not in need of it.
    const helped = call?.healing.some((help) => help !== 'coalesced') === true;
    if (this.errors.add({ failed, helped, code: code ?? `status ${status}` })) this.onTooMany();
  }
}
