import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { circuitOptions, type CircuitOptions } from './circuit-options.js';
import { Circuit } from './circuit.js';
import { type Permit } from './permit.js';
import { TransitionChannel } from './transition-channel.js';

type Verdict = 'success' | 'failure' | 'ignore';
type Order = 'isolate' | 'release' | 'reset' | 'disable' | 'enable' | 'expedite' | 'restart';
type Window = CircuitOptions['window'];

interface ModelCall {
  readonly phase: number;
  readonly probeUntil: number | undefined;
  settled: boolean;
}

/** The circuit as one would write it down: every call and every time is kept, and all is counted anew each time. */
class Model {
  readonly calls: ModelCall[] = [];
  readonly heard: string[] = [];
  now = 0;
  state = 'closed';
  #phase = 0;
  #ended: { at: number; failed: boolean; slow: boolean }[] = [];
  #closedAt = 0;
  #until = 0;
  #grownMs: number | undefined;
  #slowness = false;
  #successes = 0;
  #ground = 'closed';

  constructor(private readonly options: CircuitOptions) {}

  call(): boolean {
    if (this.wait() !== 0) return false;
    if (this.state === 'open') {
      this.#go('half_open');
      this.#successes = 0;
    }
    const probeUntil = this.state === 'half_open' ? this.now + this.options.probeLimitMs : undefined;
    this.calls.push({ phase: this.#phase, probeUntil, settled: false });
    return true;
  }

  /** Time until a call may begin, as far as it is known. */
  wait(): number | undefined {
    if (this.state === 'isolated') return undefined;
    if (this.state === 'open') return Math.max(0, this.#until - this.now);
    const places = this.heldUntil();
    return places.length < this.options.probes ? 0 : Math.min(...places) - this.now;
  }

  settle(call: ModelCall, verdict: Verdict, tookMs: number): void {
    if (call.settled) return;
    call.settled = true;
    if (call.phase !== this.#phase || verdict === 'ignore') return;
    const failed = verdict === 'failure';
    const slow = this.options.slowRate !== false && tookMs > this.options.slowRate.slowerThanMs;
    if (this.state === 'closed') {
      this.#ended.push({ at: this.now, failed, slow });
      this.#checkRules(failed, slow);
    } else if (this.state === 'half_open') {
      if (failed) this.#open(undefined, false);
      else if (this.#slowness && slow) this.#open(undefined, true);
      else if (++this.#successes === this.options.successesToClose) this.#go('closed');
    }
  }

  order(order: Order): void {
    const { state } = this;
    const isolated = state === 'isolated';
    if (order === 'isolate' && !isolated) {
      if (state === 'half_open') this.#until = this.now;
      this.#ground = state === 'half_open' ? 'open' : state;
      this.#go('isolated');
    } else if (order === 'release' && isolated) this.#go(this.#ground);
    else if (order === 'reset') {
      this.#grownMs = undefined;
      if (state === 'open' || state === 'half_open') this.#go('closed');
      else if (isolated && this.#ground === 'open') this.#ground = 'closed';
      else if (state === 'closed') this.#forget();
    } else if (order === 'disable' && state !== 'disabled') this.#go('disabled');
    else if (order === 'enable') {
      if (state === 'disabled') this.#go('closed');
      else if (isolated && this.#ground === 'disabled') this.#ground = 'closed';
    } else if (order === 'expedite' && state === 'open') this.#until = Math.min(this.#until, this.now);
    else if (order === 'restart') {
      if (state === 'half_open') {
        this.state = 'open';
        this.#until = this.now;
      }
      this.#forget();
    }
  }

  counts() {
    const recent = this.#recent();
    return {
      calls: recent.length,
      failures: recent.filter(({ failed }) => failed).length,
      slow: recent.filter(({ slow }) => slow).length,
      consecutiveFailures: this.#ended.length - 1 - this.#ended.findLastIndex(({ failed }) => !failed),
    };
  }

  /** Deadlines of the probes that hold a place. */
  heldUntil(): number[] {
    const held = this.calls.filter(({ phase, settled }) => phase === this.#phase && !settled);
    return held.flatMap(({ probeUntil = 0 }) => (probeUntil > this.now ? [probeUntil] : []));
  }

  #recent() {
    const { window, failureRate, slowRate } = this.options;
    if (failureRate === false && slowRate === false) return [];
    if (window.kind === 'count') return this.#ended.slice(-window.calls);
    const slotMs = window.spanMs / window.slots;
    const oldest = Math.floor(this.now / slotMs) - window.slots + 1;
    return this.#ended.filter(({ at }) => Math.floor(at / slotMs) >= oldest);
  }

  #checkRules(failed: boolean, late: boolean): void {
    const { consecutiveFailures: most, failureRate, slowRate } = this.options;
    const { calls, failures, slow, consecutiveFailures } = this.counts();
    const often = (rule: typeof failureRate, of: number): boolean =>
      rule !== false && calls >= rule.minimumCalls && of / calls >= rule.share;
    const fails = (most !== false && consecutiveFailures >= most) || (failed && often(failureRate, failures));
    if (fails || (late && often(slowRate, slow))) this.#open(this.now - this.#closedAt, !fails);
  }

  #open(closedFor: number | undefined, slowness: boolean): void {
    const { openMs, openMaxMs, growth, healthyMs } = this.options;
    if (closedFor !== undefined && closedFor >= healthyMs) this.#grownMs = undefined;
    const longest = Math.max(openMs, openMaxMs);
    this.#grownMs = this.#grownMs === undefined ? openMs : Math.min(this.#grownMs * growth, longest);
    this.#until = this.now + this.#grownMs;
    this.#slowness = slowness;
    this.#go('open');
  }

  #go(state: string): void {
    if (state === 'closed') this.#closedAt = this.now;
    this.heard.push(`${this.state} to ${state}`);
    this.state = state;
    this.#forget();
  }

  #forget(): void {
    this.#phase++;
    this.#ended = [];
  }
}

const share = fc.constantFrom(0.2, 0.5, 1);
const minimumCalls = fc.integer({ min: 1, max: 5 });
const slowerThanMs = fc.constant(500);
const off = { nil: false as const };
const options: fc.Arbitrary<CircuitOptions> = fc.record({
  consecutiveFailures: fc.option(fc.integer({ min: 1, max: 3 }), off),
  failureRate: fc.option(fc.record({ share, minimumCalls }), off),
  slowRate: fc.option(fc.record({ share, minimumCalls, slowerThanMs }), off),
  window: fc.constantFrom<Window>(
    { kind: 'count', calls: 5 },
    { kind: 'time', spanMs: 1000, slots: 1 },
    { kind: 'time', spanMs: 3000, slots: 6 },
  ),
  openMs: fc.constantFrom(1, 1000),
  growth: fc.constantFrom(1, 2, 3.5),
  openMaxMs: fc.constantFrom(500, 6000),
  healthyMs: fc.constantFrom(0, 2000),
  probes: fc.integer({ min: 1, max: 3 }),
  successesToClose: fc.integer({ min: 1, max: 3 }),
  probeLimitMs: fc.constantFrom(300, 2000),
});

const orders: readonly Order[] = ['isolate', 'release', 'release', 'reset', 'disable', 'enable', 'expedite', 'restart'];
const verdicts: readonly Verdict[] = ['success', 'failure', 'failure', 'ignore'];
const settle = fc.record({
  nth: fc.nat(5),
  verdict: fc.constantFrom(...verdicts),
  tookMs: fc.constantFrom(0, 500, 501),
});
const step = fc.oneof(
  { arbitrary: fc.constant('call' as const), weight: 8 },
  { arbitrary: settle, weight: 8 },
  { arbitrary: fc.record({ wait: fc.constantFrom(1, 300, 1000, 5000) }), weight: 4 },
  { arbitrary: fc.record({ wall: fc.nat(2e12) }), weight: 1 },
  { arbitrary: fc.record({ order: fc.constantFrom(...orders) }), weight: 2 },
);

it('does what a simple model does, whatever happens in whatever order', () => {
  const visited = new Set<string>();
  fc.assert(
    fc.property(options, fc.array(step, { minLength: 20, maxLength: 80 }), (given, steps) => {
      const clock = new ManualClock();
      const settings = circuitOptions(given);
      const model = new Model(settings);
      const heard: string[] = [];
      const channel = new TransitionChannel();
      channel.subscribe(({ from, to }) => heard.push(`${from} to ${to}`));
      let circuit = new Circuit('t', settings, clock, channel);
      const permits: (Permit | undefined)[] = [];

      const call = (): void => {
        const wait = model.wait();
        const answer = circuit.tryAcquire();
        if (answer.admitted) permits.push(answer);
        else expect(answer.remainingMs).toBe(wait);
        expect(answer.admitted).toBe(model.call());
      };
      const give = (nth: number, verdict: Verdict, tookMs: number): void => {
        const [permit, known] = [permits.at(-1 - nth), model.calls.at(-1 - nth)];
        if (permit === undefined || known === undefined) return;
        if (verdict === 'failure') permit.failure('x', tookMs);
        else permit[verdict](tookMs);
        model.settle(known, verdict, tookMs);
      };
      const command = (order: Order): void => {
        model.order(order);
        if (order !== 'restart') circuit[order]();
        else {
          const saved: unknown = JSON.parse(JSON.stringify(circuit.save()));
          permits.fill(undefined);
          circuit = new Circuit('t', settings, clock, channel);
          expect(circuit.restore(saved)).toBe(true);
        }
      };

      for (const move of steps) {
        if (move === 'call') call();
        else if ('verdict' in move) give(move.nth, move.verdict, move.tookMs);
        else if ('order' in move) command(move.order);
        else if ('wall' in move) clock.setWall(move.wall);
        else clock.advance(move.wait);
        model.now = clock.now();
        const view = circuit.view();
        const { state } = model;
        visited.add(state);
        expect(view.state).toBe(state);
        expect(view.probesInFlight).toBe(model.heldUntil().length);
        expect(view.remainingMs).toBe(state === 'open' || state === 'half_open' ? model.wait() : undefined);
        if (state === 'closed') expect(view.counts).toEqual(model.counts());
        expect(heard).toEqual(model.heard);
      }
    }),
    { numRuns: 1000 },
  );
  expect([...visited].sort()).toEqual(['closed', 'disabled', 'half_open', 'isolated', 'open']);
});
