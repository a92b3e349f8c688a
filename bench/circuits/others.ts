import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  handleAll,
  type IPolicy,
  retry,
  SamplingBreaker,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import Opossum from 'opossum';
import { call, OPEN_MS, type Subject, TARGETS, throughPromise } from './subject.js';

/** The one that ours is held against. */
export const COCKATIEL = 'cockatiel, failures in a row';

/** Closed breakers of cockatiel and opossum; the latter's timers are added to `breakers`, to be shut down. */
export function othersClosed(breakers: Opossum[]): Subject[] {
  const row = newCockatiel(new ConsecutiveBreaker(5));
  const rate = newCockatiel(newSampling());
  const opossum = newOpossum(breakers);
  return [
    throughPromise(COCKATIEL, () => row.execute(call)),
    throughPromise('cockatiel, rate over 60 s', () => rate.execute(call)),
    throughPromise('opossum, rate over 60 s', () => opossum.fire()),
  ];
}

/** Open ones. */
export async function othersRejected(breakers: Opossum[]): Promise<Subject[]> {
  const policy = newCockatiel(new ConsecutiveBreaker(1));
  await policy.execute(() => Promise.reject(new Error('down'))).catch(() => undefined);
  const opossum = newOpossum(breakers);
  opossum.open();
  return [
    throughPromise('cockatiel', () => policy.execute(call).catch(() => 0)),
    throughPromise('opossum', () => opossum.fire().catch(() => 0)),
  ];
}

/** The nearest equivalent: places, circuit and time-out, and with cockatiel retries; none of it learns or has a budget. */
export function othersComposed(breakers: Opossum[]): Subject[] {
  const again = retry(handleAll, { maxAttempts: 2 });
  const late = timeout(60_000, TimeoutStrategy.Cooperative);
  const policies = new Map(
    TARGETS.map((name) => [name, wrap(again, bulkhead(2000, 0), newCockatiel(newSampling()), late)]),
  );
  const opossums = new Map(TARGETS.map((name) => [name, newOpossum(breakers, { capacity: 2000, timeout: 60_000 })]));
  let turn = 0;
  const next = (): string => TARGETS[turn++ % TARGETS.length] ?? '';
  return [
    throughPromise('cockatiel', () => policies.get(next())?.execute(call)),
    throughPromise('opossum', () => opossums.get(next())?.fire()),
  ];
}

function newSampling(): SamplingBreaker {
  return new SamplingBreaker({ threshold: 0.5, duration: 60_000, minimumRps: 0.1 });
}

function newCockatiel(breaker: ConsecutiveBreaker | SamplingBreaker): IPolicy {
  return circuitBreaker(handleAll, { halfOpenAfter: OPEN_MS, breaker });
}

function newOpossum(breakers: Opossum[], options: Opossum.Options = {}): Opossum<[], number> {
  const breaker = new Opossum<[], number>(call, {
    ...{ timeout: false, rollingCountTimeout: 60_000, rollingCountBuckets: 30, volumeThreshold: 10 },
    ...{ resetTimeout: OPEN_MS, ...options },
  });
  breakers.push(breaker);
  return breaker;
}
