import { Inject, Injectable } from '@nestjs/common';
import { HttpClientService } from '../http-client/index.js';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type Finding, type Vital, vitals } from '../watchdog/index.js';
import { type AttemptOutcome } from './gateway.metrics.js';
import { Targets } from './targets.service.js';
import { UpstreamService } from './upstream.service.js';

/** Failed attempts in a row after which the upstream counts as failing. */
const FAILURES = 3;
/** Least time between two look-ups while it fails, ms: enough to follow a recovery, too few to bother anybody. */
const PROBE_INTERVAL_MS = 10_000;
/** Time for one look-up, ms. */
const PROBE_TIMEOUT_MS = 5000;

const AT_FAULT: readonly AttemptOutcome[] = ['server_error', 'connection_error', 'timeout', 'broken'];

/**
 * Whether Gemini answers, told by the attempts of callers; while they fail, a list of models is asked for now
 * and then, which costs no tokens and tells a dead way to Gemini from a Gemini in trouble.
 */
@vitals.contribute()
@Injectable()
export class UpstreamVital implements Vital {
  readonly name = 'upstream';
  #failures = 0;
  #last = '';
  #probed = Number.NEGATIVE_INFINITY;
  #finding = '';

  constructor(
    private readonly upstreams: UpstreamService,
    private readonly http: HttpClientService,
    private readonly targets: Targets,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Takes how an attempt ended; `status` is what the upstream answered with, if it did. */
  ended(outcome: AttemptOutcome, status: number | undefined): void {
    if (!AT_FAULT.includes(outcome)) {
      // Quotas, errors of callers and departures say that it is there, or nothing.
      if (outcome !== 'aborted') this.#failures = 0;
      return;
    }
    this.#failures++;
    this.#last = status !== undefined && status >= 400 ? `status ${status}` : outcome.replace('_', ' ');
    if (this.#failures >= FAILURES && this.clock.now() - this.#probed >= PROBE_INTERVAL_MS) void this.#probe();
  }

  read(): Finding | undefined {
    if (this.#failures < FAILURES) return undefined;
    const { name } = this.upstreams.current;
    const who = name === 'gemini' ? 'Gemini' : 'The simulator';
    return {
      severity: 'degraded',
      cause: 'upstream_outage',
      evidence: { failures_in_a_row: this.#failures, last: this.#last },
      reason: `${who} fails: the last ${this.#failures} attempts ended with ${this.#last}. ${this.#finding}`.trim(),
    };
  }

  async #probe(): Promise<void> {
    this.#probed = this.clock.now();
    const { origin, basePath } = this.upstreams.current;
    const credential = this.targets.ownCredential();
    try {
      const { status } = await this.http.request({
        url: `${origin}${basePath}/v1beta/models?pageSize=1`,
        timeout: PROBE_TIMEOUT_MS,
        headers: credential === undefined ? {} : { [credential[0]]: credential[1] },
      });
      this.#finding = `It can be reached: it answers a list of models with status ${status}.`;
    } catch {
      this.#finding = 'It cannot be reached at all.';
    }
  }
}
