import { call, OPEN_MS, type Subject, TARGETS, throughPromise } from './subject.js';

/** The subject that the target for closed circuits is about. */
export const PERMIT = 'permit, as the node is set';
/** The one for rejected calls. */
export const OPEN = 'tryAcquire';
/** The one for everything together. */
export const COMPOSED = 'this node';

/** The part of the built node that is measured; the benches are compiled apart from it. */
interface BuiltPermit {
  readonly admitted: true;
  success(tookMs?: number): void;
  failure(): void;
}
interface BuiltCircuit {
  tryAcquire(): BuiltPermit | { readonly admitted: false };
  isolate(): boolean;
}
interface BuiltBook {
  get(name: string): BuiltCircuit;
}
interface BuiltPlace {
  firstToken(): void;
  leave(): void;
}
interface BuiltLimit {
  limitMs(model: string): number;
  firstToken(model: string, thinking: undefined, ms: number): void;
}
/** What is taken from the built node. */
export interface BuiltNode {
  readonly systemClock: object;
  readonly CircuitBook: new (clock: object, options?: { readonly circuit?: object }) => BuiltBook;
  readonly Capacity: new (limit: number) => { take(amount: number): boolean; release(amount: number): void };
  readonly Bulkhead: new (clock: object, options: object) => { enter(): BuiltPlace | undefined };
  readonly FirstTokenLimit: new (clock: object, options: object) => BuiltLimit;
  readonly USUAL_FIRST_TOKEN: object;
  readonly RetryBudget: new (clock: object) => { call(): void };
  readonly execute: <T>(
    circuit: BuiltCircuit,
    call: () => Promise<T>,
    how: { readonly rejected: () => T },
  ) => Promise<T>;
}

/** Loads the built node that lies beside the built benches. */
export async function builtNode(): Promise<BuiltNode> {
  const root = new URL('../../', import.meta.url);
  const files = ['capacity', 'circuit/circuit-book', 'circuit/execute', 'limits/bulkhead', 'limits/first-token-limit'];
  const places = ['kernel/clock.js', ...[...files, 'retry/retry-budget'].map((file) => `resilience/domain/${file}.js`)];
  const modules: object[] = await Promise.all(
    places.map((place) => import(new URL(place, root).href) as Promise<object>),
  );
  return Object.assign({}, ...modules) as BuiltNode;
}

const BULKHEAD = { limit: { initial: 200, floor: 20, ceiling: 1000, tolerance: 2.5 }, queue: 500 };
const rowOnly = { failureRate: false };
const everyRule = { slowRate: { share: 0.5, minimumCalls: 10, slowerThanMs: 10_000 } };

/** A closed circuit with more and more rules; the promise wrapper is there for a like-for-like comparison. */
export function ownClosed({ CircuitBook, systemClock, execute }: BuiltNode): Subject[] {
  const made = (options: object): BuiltCircuit => new CircuitBook(systemClock, { circuit: options }).get('target');
  const permit = (name: string, own: BuiltCircuit): Subject => ({
    name,
    async run(calls): Promise<void> {
      for (let i = 0; i < calls; i++) {
        const leave = own.tryAcquire();
        if (!leave.admitted) throw new Error('the circuit opened');
        await call();
        leave.success();
      }
    },
  });
  const wrapped = made({});
  const how = { rejected: (): number => 0 };
  return [
    permit('permit, failures in a row', made(rowOnly)),
    permit(PERMIT, made({})),
    permit('permit, every rule', made(everyRule)),
    throughPromise('execute, as the node is set', () => execute(wrapped, call, how)),
  ];
}

/** An open circuit. */
export function ownRejected({ CircuitBook, systemClock, execute }: BuiltNode): Subject[] {
  const open = new CircuitBook(systemClock, { circuit: { consecutiveFailures: 1, openMs: OPEN_MS } }).get('target');
  const first = open.tryAcquire();
  if (first.admitted) first.failure();
  const how = { rejected: (): number => 0 };
  return [
    {
      name: OPEN,
      run(calls): Promise<void> {
        for (let i = 0; i < calls; i++) if (open.tryAcquire().admitted) throw new Error('the circuit is not open');
        return Promise.resolve();
      },
    },
    throughPromise('execute', () => execute(open, call, how)),
  ];
}

/** All that protects a call: a place in the node and at the model, the retry budget, a learnt time-out, the circuit. */
export function ownComposed(node: BuiltNode): Subject {
  const { Capacity, CircuitBook, Bulkhead, FirstTokenLimit, RetryBudget, systemClock } = node;
  const capacity = new Capacity(2000);
  const book = new CircuitBook(systemClock, { circuit: everyRule });
  const bulkheads = new Map(TARGETS.map((name) => [name, new Bulkhead(systemClock, BULKHEAD)]));
  const times = new FirstTokenLimit(systemClock, { ...node.USUAL_FIRST_TOKEN, defaultMs: 60_000 });
  const budget = new RetryBudget(systemClock);
  let turn = 0;
  return {
    name: COMPOSED,
    async run(calls): Promise<void> {
      for (let i = 0; i < calls; i++) {
        if (!capacity.take(1)) throw new Error('no place left');
        budget.call();
        const target = TARGETS[turn++ % TARGETS.length] ?? '';
        const place = bulkheads.get(target)?.enter();
        const leave = book.get(target).tryAcquire();
        if (!leave.admitted || place === undefined) throw new Error('the circuit opened');
        const timer = setTimeout(tooLate, times.limitMs(target));
        await call();
        clearTimeout(timer);
        times.firstToken(target, undefined, 500);
        place.firstToken();
        place.leave();
        leave.success(0);
        capacity.release(1);
      }
    },
  };
}

function tooLate(): void {
  throw new Error('the call took too long');
}
