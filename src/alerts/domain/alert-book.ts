import { type Alert } from './alert.js';
import { type AlertFacts, type AlertRule } from './alert-rules.js';

/** Two readings of one moment, ms: one that only moves forward, and the wall clock. */
export interface Moment {
  readonly now: number;
  readonly wall: number;
}

/** What is kept of an alert that fires, for the next life of the node. */
export interface KeptAlert {
  readonly name: string;
  readonly summary: string;
  readonly since: number;
  /** Whether somebody was told of it. */
  readonly told: boolean;
  /** When somebody was last told, wall-clock ms. */
  readonly toldAt?: number | undefined;
}

interface Standing {
  summary: string;
  since: number;
  /** Monotonic; when the fact was first seen. */
  readonly seenAt: number;
  /** Monotonic; since when it is gone. */
  goneAt: number | undefined;
  firing: boolean;
  told: boolean;
  /** It was to be silent since it was last told. */
  hushed: boolean;
  /** Wall clock, which goes on from life to life; when somebody was last told. */
  toldAt: number;
}

/** What is to be told now. */
export interface Tidings {
  readonly firing: readonly Alert[];
  readonly resolved: readonly Alert[];
}

/** How long a resolved alert is shown, ms. */
const SHOWN_MS = 3_600_000;
/** Most resolved alerts that are shown. */
const SHOWN = 50;
/** An alert that still fires is told of again after this time, ms. */
const REPEAT_MS = 4 * 3_600_000;

/**
 * Which alerts stand: pending until their fact has stood long enough, firing until it has been gone long enough. One for
 * each rule, told once when it fires, again when it goes on, and once when it ends if it was told at all.
 */
export class AlertBook {
  readonly #standing = new Map<string, Standing>();
  #resolved: Alert[] = [];

  constructor(private readonly rules: readonly AlertRule[]) {}

  /** Reads every rule; `silenced` says of which alerts nobody is told for now. */
  update(facts: AlertFacts, { now, wall }: Moment, silenced: (name: string) => boolean): Tidings {
    const firing: Alert[] = [];
    const resolved: Alert[] = [];
    for (const rule of this.rules) {
      const standing = this.#look(rule, rule.read(facts), { now, wall });
      if (standing === undefined) continue;
      if (standing.goneAt !== undefined && now - standing.goneAt >= rule.keepMs) {
        this.#standing.delete(rule.name);
        if (!standing.firing) continue;
        const ended = shown(rule, standing, wall);
        this.#resolved = [ended, ...this.#resolved].slice(0, SHOWN);
        if (standing.told) resolved.push(ended);
        continue;
      }
      if (now - standing.seenAt >= rule.forMs) standing.firing = true;
      if (!standing.firing) continue;
      const due = !standing.told || standing.hushed || wall - standing.toldAt >= REPEAT_MS;
      standing.hushed = silenced(rule.name);
      if (!due || standing.hushed) continue;
      standing.told = true;
      standing.toldAt = wall;
      firing.push(shown(rule, standing));
    }
    return { firing, resolved };
  }

  /** What stands, worst first, and behind it what has ended within the last hour. */
  all(wall: number): readonly Alert[] {
    this.#resolved = this.#resolved.filter(({ resolvedAt = 0 }) => wall - resolvedAt < SHOWN_MS);
    const standing = this.rules.flatMap((rule) => {
      const one = this.#standing.get(rule.name);
      return one === undefined ? [] : [shown(rule, one)];
    });
    return [...standing, ...this.#resolved];
  }

  /** What fires and was told, silenced since or not: who forgets what it does not hear of again must not take it for ended. */
  told(): readonly Alert[] {
    return this.rules.flatMap((rule) => {
      const one = this.#standing.get(rule.name);
      return one?.told === true ? [shown(rule, one)] : [];
    });
  }

  /** What fires, for the next life. */
  save(): KeptAlert[] {
    return [...this.#standing]
      .filter(([, { firing }]) => firing)
      .map(([name, { summary, since, told, toldAt }]) => ({ name, summary, since, told, toldAt }));
  }

  /** Takes up what fired in an earlier life: what still stands is not told again, and what is gone is resolved. */
  restore(kept: readonly KeptAlert[], { now, wall }: Moment): void {
    for (const { name, summary, since, told, toldAt } of kept) {
      if (!this.rules.some((rule) => rule.name === name) || this.#standing.has(name)) continue;
      this.#standing.set(name, {
        summary,
        since,
        told,
        seenAt: now,
        goneAt: undefined,
        firing: true,
        hushed: false,
        // A clock that was set back must not keep anybody from being told.
        toldAt: Math.min(toldAt ?? wall, wall),
      });
    }
  }

  #look(rule: AlertRule, summary: string | undefined, { now, wall }: Moment): Standing | undefined {
    const known = this.#standing.get(rule.name);
    if (summary === undefined) {
      // One that has not fired yet needs no time to end.
      if (known !== undefined && !known.firing) this.#standing.delete(rule.name);
      else if (known !== undefined) known.goneAt ??= now;
      return this.#standing.get(rule.name);
    }
    if (known !== undefined) {
      known.goneAt = undefined;
      known.summary = summary;
      return known;
    }
    const standing = {
      summary,
      since: wall,
      seenAt: now,
      goneAt: undefined,
      firing: false,
      told: false,
      hushed: false,
      toldAt: wall,
    };
    this.#standing.set(rule.name, standing);
    return standing;
  }
}

function shown({ name, severity, description }: AlertRule, standing: Standing, resolvedAt?: number): Alert {
  const { summary, since, firing } = standing;
  const state = resolvedAt !== undefined ? 'resolved' : firing ? 'firing' : 'pending';
  return { name, severity, state, summary, description, since, ...(resolvedAt === undefined ? {} : { resolvedAt }) };
}
