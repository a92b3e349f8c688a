import { type IncomingMessage } from 'node:http';
import { attemptResult } from './attempt-result.js';
import { type AttemptsCall } from './attempts-call.js';
import { type CredentialHeader } from './credentials.js';
import { attemptVerdict } from './domain/failover/attempt-verdict.js';
import { type Target } from './domain/failover/target.js';
import { type ExchangeHost } from './exchange-host.js';
import { type RunResult } from './run-result.js';
import { type AttemptListener, UpstreamAttempt } from './upstream-attempt.js';

/** Makes the attempt of a call at a target, with whoever listens to its answer. */
export function attemptAt(
  target: Target,
  { pool, targets }: Pick<ExchangeHost, 'pool' | 'targets'>,
  { request, route }: Pick<AttemptsCall, 'request' | 'route'>,
): (listener: AttemptListener) => UpstreamAttempt {
  return (listener) => new UpstreamAttempt(pool, targets.tap(listener, target, request, route));
}

/** The way of a call that is sent only once: the key it uses, and what is learnt of it. */
export class Passage {
  readonly target: Target;
  readonly credential: CredentialHeader | undefined;
  readonly #release: () => void;
  readonly #began = performance.now();

  constructor(
    private readonly host: Pick<ExchangeHost, 'targets' | 'policy'>,
    { request, route }: Pick<AttemptsCall, 'request' | 'route'>,
    body: Buffer | IncomingMessage | null,
  ) {
    this.target = host.targets.single(route, Buffer.isBuffer(body) ? body : undefined);
    this.credential = host.targets.credential(this.target, request, route);
    this.#release = host.targets.lease(this.target);
  }

  /** Takes in how it ended; call once. */
  over(result: RunResult): void {
    this.#release();
    const { waitLimitMs } = this.host.policy.settings;
    const verdict = attemptVerdict(attemptResult(result), { wall: Date.now(), waitLimitMs });
    this.host.targets.learn(this.target, verdict, this.#began);
  }
}
