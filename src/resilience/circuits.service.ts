import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { LOG, type Log } from '../platform/logging.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { LiveEvents } from '../heal/index.js';
import { Watchdog } from '../watchdog/index.js';
import { CircuitBook } from './domain/circuit/circuit-book.js';
import { type CircuitOptions } from './domain/circuit/circuit-options.js';
import { type Circuit } from './domain/circuit/circuit.js';
import { type CircuitStateName, type CircuitTransition } from './domain/circuit/circuit-state.js';
import { type CircuitView } from './domain/circuit/circuit-view.js';
import { type HourMark } from './domain/record/hour-book.js';
import { RecordBook } from './domain/record/record-book.js';
import { type RecordView } from './domain/record/target-record.js';
import { CircuitMetrics } from './circuit.metrics.js';
import { circuitSettings } from './circuit.settings.js';

const EVENTS = {
  open: 'circuit_breaker_open',
  // Held open by an operator, which the rule says; no opening is counted for it.
  isolated: 'circuit_breaker_open',
  half_open: 'circuit_breaker_half_open',
  closed: 'circuit_breaker_closed',
};

/** What is held against slow calls is their lateness, which is decided per model: any is too much. */
const LATE_MS = 1;
const WINDOW_SLOTS = 30;

function optionsOf(settings: SettingsOf<typeof circuitSettings>): Partial<CircuitOptions> {
  const { threshold, failureRate, slowRate, minimumCalls, windowMs, timeoutMs, growth, maxMs } = settings;
  return {
    consecutiveFailures: threshold,
    failureRate: { share: failureRate, minimumCalls },
    slowRate: { share: slowRate, minimumCalls, slowerThanMs: LATE_MS },
    window: { kind: 'time', spanMs: windowMs, slots: WINDOW_SLOTS },
    openMs: timeoutMs,
    growth,
    openMaxMs: maxMs,
    probes: settings.probes,
    probeLimitMs: settings.probeLimitMs,
  };
}

/** The circuits of all targets of this node, with what they tell to log and metrics. */
@Injectable()
export class Circuits {
  readonly #book: CircuitBook;
  readonly #records: RecordBook;
  #standIn: (view: CircuitView) => string | undefined = () => undefined;

  constructor(
    @Inject(circuitSettings.KEY) settings: SettingsOf<typeof circuitSettings>,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOG) private readonly log: Log,
    private readonly metrics: CircuitMetrics,
    private readonly watchdog: Watchdog,
    @Inject(LiveEvents) private readonly events: LiveEvents,
  ) {
    this.#records = new RecordBook(clock);
    this.#book = new CircuitBook(clock, {
      circuit: optionsOf(settings),
      onError: (error) => {
        log.error({ err: error }, 'a listener of circuits failed');
      },
    });
    this.#book.subscribe((transition) => {
      this.#tell(transition);
    });
    metrics.attach(() => this.#book.views());
  }

  /** Lets those who choose among targets tell who has answered instead of one since its circuit opened. */
  attachStandIns(standIn: (view: CircuitView) => string | undefined): void {
    this.#standIn = standIn;
  }

  /** Who answers instead of a target; undefined where nobody is known to. */
  standIn(view: CircuitView): string | undefined {
    return this.#standIn(view);
  }

  /** The circuit of a target, made when it is new. */
  get(name: string): Circuit {
    return this.#book.get(name);
  }

  /** The circuit of a target, if there is one. */
  find(name: string): Circuit | undefined {
    return this.#book.find(name);
  }

  /** All circuits, worst first. */
  views(): readonly CircuitView[] {
    return this.#book.views();
  }

  /** Closes what is not held by an operator; returns how many were open or half open. */
  reset(): number {
    return this.#book.reset();
  }

  /** Lets the next call try each circuit that is open, whatever is left of its time. */
  expedite(): void {
    this.#book.expedite();
  }

  /** What is to outlive a restart; plain JSON, the same while nothing has changed. */
  save(): unknown {
    return this.#book.save();
  }

  /**
   * Takes up what an earlier life has saved of the circuits that are wanted; `held` are those in an operator's hand.
   * Never throws.
   */
  restore(stored: unknown, wanted: (name: string, held: boolean) => boolean): void {
    this.#book.restore(stored, wanted);
    // An earlier life's transitions are not told again; what is out of use is so from the start.
    for (const { name, state } of this.#book.views()) if (isOut(state)) this.#records.get(name).setOut(true);
  }

  /** The first word of an answer of a target came after `ms`. */
  spoke(name: string, ms: number): void {
    this.#records.get(name).spoke(ms);
  }

  /** A call to a target ended. */
  ended(name: string, mark: HourMark): void {
    this.#records.get(name).ended(mark);
  }

  /** What is to outlive a restart of how the targets did; the very same for a minute, unless it is asked for as it is now. */
  saveRecords(fresh: boolean): unknown {
    return this.#records.save(fresh);
  }

  /** Takes up what an earlier life has saved of how targets did that are wanted. Never throws. */
  restoreRecords(stored: unknown, wanted: (name: string) => boolean): void {
    this.#records.restore(stored, wanted);
  }

  /** How a target has done lately. */
  record(name: string): RecordView {
    return this.#records.view(name);
  }

  #tell({ circuit, from, to, opening, reason, openMs }: CircuitTransition): void {
    if (opening) {
      this.metrics.opened();
      // Whether the target is down or the way to it is broken is worth a look at once.
      this.watchdog.nudge();
    }
    this.#records.get(circuit).setOut(isOut(to));
    if (to === 'disabled') return;
    this.events.tell('circuit_changed', { circuit, from, to });
    const fields = { event: EVENTS[to], circuit, from, rule: reason?.rule, cause: reason?.cause, open_ms: openMs };
    this.log[EVENTS[to] === EVENTS.open ? 'warn' : 'info'](fields, `circuit of ${circuit} is ${to.replace('_', ' ')}`);
  }
}

/** Whether calls are refused, or one alone is let through. */
function isOut(state: CircuitStateName): boolean {
  return state === 'open' || state === 'half_open' || state === 'isolated';
}
