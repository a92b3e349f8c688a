import { Inject, Injectable } from '@nestjs/common';
import { askAfresh, connectionFault, ConnectionPool, type FreshAnswer } from '../http-client/index.js';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type Finding, type Vital, vitals } from '../watchdog/index.js';
import { errorVerdict } from './domain/failover/error-verdict.js';
import { parseJson } from './domain/json-scan.js';
import { readUpstreamError } from './domain/upstream-error.js';
import { type Contact, type Diagnosis, type Look, UpstreamTrouble } from './domain/upstream-trouble.js';
import { type Run } from './run.js';
import { type RunResult } from './run-result.js';
import { Targets } from './targets.service.js';
import { UpstreamService } from './upstream.service.js';

/** Least time between two looks while attempts fail, ms: enough to follow a recovery, too few to bother anybody. */
const LOOK_INTERVAL_MS = 5000;
/** Time for one look, ms. */
const LOOK_LIMIT_MS = 5000;
/** A call whose own deadline left the upstream less than this says nothing about it, ms. */
const HURRY_MS = 10_000;

const UNREACHABLE = {
  connect: 'connections are refused',
  reset: 'connections are closed without an answer',
  timeout: 'nothing answers in time',
  dns: 'its name cannot be resolved',
  tls: 'its certificate is not accepted',
  protocol: 'what answers does not speak HTTP',
} as const;

/**
 * Whether Gemini answers, told by the attempts of callers. While they fail, a list of models is asked for now and then
 * over a fresh connection, which costs no tokens and tells a Gemini in trouble from connections gone bad and from a key
 * that is refused.
 */
@vitals.contribute()
@Injectable()
export class UpstreamVital implements Vital {
  readonly name = 'upstream';
  readonly #trouble: UpstreamTrouble;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(
    private readonly upstreams: UpstreamService,
    private readonly pool: ConnectionPool,
    private readonly targets: Targets,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#trouble = new UpstreamTrouble(clock);
  }

  /** Takes how an attempt ended. */
  ended(result: RunResult, { generation, upstreamMs }: Pick<Run, 'generation' | 'upstreamMs'>): void {
    const contact = contactOf(result, upstreamMs);
    if (contact === undefined) return;
    this.#trouble.ended({ contact, last: wordsOf(result), generation }, this.pool);
    if (this.#trouble.failing) void this.#look();
  }

  async refresh(signal: AbortSignal): Promise<void> {
    if (this.#trouble.failing) await this.#look(signal);
  }

  read(): Finding | undefined {
    const diagnosis = this.#trouble.diagnosis(this.pool);
    return diagnosis === undefined ? undefined : findingOf(diagnosis, this.#who);
  }

  get quiet(): boolean {
    return this.#trouble.quiet;
  }

  forget(): void {
    this.#trouble.forget();
  }

  get #who(): string {
    return this.upstreams.current.name === 'gemini' ? 'Gemini' : 'The simulator';
  }

  /** One look at a time; none sooner than a while after the last. Never rejects. */
  #look(given?: AbortSignal): Promise<void> {
    if (this.#looking === undefined && this.clock.now() - this.#lookedAt < LOOK_INTERVAL_MS) return Promise.resolve();
    const limit = AbortSignal.timeout(LOOK_LIMIT_MS);
    this.#looking ??= this.#ask(given === undefined ? limit : AbortSignal.any([given, limit]))
      .then((look) => {
        this.#trouble.looked(look);
      })
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #ask(signal: AbortSignal): Promise<Look> {
    this.#lookedAt = this.clock.now();
    const { origin, basePath } = this.upstreams.current;
    const own = this.targets.ownCredential();
    const headers = own === undefined ? {} : { [own[0]]: own[1] };
    try {
      const answer = await askAfresh(`${origin}${basePath}/v1beta/models?pageSize=1`, headers, signal);
      const { status } = answer;
      return { kind: own !== undefined && refusesKey(answer) ? 'key_refused' : 'answered', status };
    } catch (error) {
      return { kind: 'unreachable', why: UNREACHABLE[connectionFault(error) ?? 'timeout'] };
    }
  }
}

/** What the end of an attempt says; undefined when it says nothing. */
function contactOf({ outcome, status, failed }: RunResult, upstreamMs: number): Contact | undefined {
  switch (outcome) {
    case 'aborted':
      return undefined;
    case 'server_error':
    case 'broken':
      return 'failed';
    case 'connection_error':
      return status === undefined ? 'unconnected' : 'failed';
    case 'timeout':
      if (failed !== undefined) return status === undefined ? 'unconnected' : 'failed';
      // The deadline of the call: an answer that was on its way, or a client in a hurry, is no silence.
      return status === undefined && upstreamMs >= HURRY_MS ? 'unconnected' : undefined;
    default:
      // Quotas and errors of callers say that it is there.
      return 'answered';
  }
}

function wordsOf({ outcome, status }: RunResult): string {
  return status !== undefined && status >= 400 ? `status ${status}` : outcome.replace('_', ' ');
}

function refusesKey({ status, body }: FreshAnswer): boolean {
  if (status === 401 || status === 403) return true;
  const error = status === 400 ? readUpstreamError(parseJson(body), status) : undefined;
  return error !== undefined && errorVerdict(error, undefined).keyFault !== undefined;
}

function findingOf({ cause, failures, last, look }: Diagnosis, who: string): Finding {
  const evidence = { failures_in_a_row: failures, last, fresh_connection: look === undefined ? null : seen(look) };
  const attempts = `the last ${failures} attempts ended with ${last}`;
  if (cause === 'connection_fault') {
    const reason = `The connections to ${who === 'Gemini' ? who : 'the simulator'} have gone bad: ${attempts}, while a fresh one is answered.`;
    return { severity: 'degraded', cause, evidence, urgent: true, reason };
  }
  if (cause === 'configuration') {
    const reason = `${who} refuses the node's own key (status ${evidence.fresh_connection ?? ''}), and ${attempts}.`;
    return {
      severity: 'degraded',
      cause,
      evidence,
      reason,
      kind: 'needs_you',
      advice: 'Check GEMINI_API_KEY and the project it belongs to.',
    };
  }
  const found = look === undefined ? '' : ` ${tellOf(look)}`;
  const away = look?.kind === 'unreachable';
  const advice = 'Check GEMINI_BASE_URL, name resolution, firewall and proxy of this machine.';
  return {
    severity: 'degraded',
    cause,
    evidence,
    reason: `${who} fails: ${attempts}.${found}`,
    ...(away ? { advice } : {}),
  };
}

function seen(look: Look): string | number {
  return look.kind === 'unreachable' ? look.why : look.status;
}

function tellOf(look: Look): string {
  if (look.kind === 'unreachable') return `It cannot be reached: ${look.why}.`;
  return `It can be reached: it answers a list of models with status ${look.status}.`;
}
