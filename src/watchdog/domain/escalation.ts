import { CAUSES, type Cause } from '../../kernel/cause.js';
import { type HealLevel, nextLevel } from '../../kernel/heal-level.js';
import { judgeHeal, type Outcome } from './judgement.js';

/** A cause that is to be seen now. */
export interface Sighting {
  readonly cause: Cause;
  /** Found over time already: healed without waiting to see it again. */
  readonly urgent: boolean;
  /** Levels at which something can cure it, mildest first. */
  readonly levels: readonly HealLevel[];
}

/** What one look at the node has shown. */
export interface Look {
  /** Monotonic ms. */
  readonly now: number;
  /** One of those at the interval: looks for an alarm come in bursts, and do not count as failed checks. */
  readonly regular: boolean;
  /** At most one of each cause, worst first. */
  readonly sightings: readonly Sighting[];
  /** Causes that are not to be seen only because nothing has come that could show them. */
  readonly quiet: readonly Cause[];
}

/** What is to be done now; at most one heal. */
export type Decision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'wait'; readonly cause: Cause; readonly why: string }
  | { readonly kind: 'heal'; readonly cause: Cause; readonly level: HealLevel }
  /** No step can cure it, or all have been tried; decided once while it lasts. */
  | { readonly kind: 'decline'; readonly cause: Cause; readonly why: string };

/** A heal, and what it has come to. */
export interface Judgement {
  readonly cause: Cause;
  readonly level: HealLevel;
  readonly verdict: Outcome;
}

/** How patient it is. Times in ms. */
export interface EscalationOptions {
  /** Looks in a row that must show a cause before its first heal, 1 or more. */
  readonly failureThreshold: number;
  /** Pause between two heals of one cause. */
  readonly cooldownMs: number;
  /** Time a heal has before it is judged. */
  readonly verifyMs: number;
  /** Most heals of its own within `periodMs`, of all causes together. */
  readonly heals: number;
  readonly periodMs: number;
  /** How long a heal may stay unjudged for want of evidence. */
  readonly unprovenMs: number;
}

/** Looks in a row without a cause after which it counts as over, so that one that flickers is one. */
const LOOKS_TO_RECOVER = 2;

interface Episode {
  /** Looks in a row that showed it. */
  seen: number;
  /** Looks in a row that did not. */
  missing: number;
  /** The last level that was tried in vain. */
  failed: HealLevel | undefined;
  /** A heal that is not judged yet. */
  open: { readonly level: HealLevel; readonly at: number } | undefined;
  healedAt: number;
  declined: boolean;
}

/**
 * Which heal is due, if any: one level after the other and only when the one before did not help; back to the mildest
 * once a fault was cured; never two at once (after Erlang's supervisors: a level that gives up hands over to the next).
 */
export class Escalation {
  readonly #episodes = new Map<Cause, Episode>();
  /** When heals of its own began, of the last period. */
  #heals: number[] = [];
  #healing: Cause | undefined;

  constructor(private readonly options: EscalationOptions) {}

  /** Takes a look in; says what earlier heals have come to and what is to be done now. After `heal`, `healed` must follow. */
  look(look: Look): { readonly judgements: readonly Judgement[]; readonly decision: Decision } {
    const shown = new Map(look.sightings.map((sighting) => [sighting.cause, sighting]));
    for (const cause of shown.keys()) this.#episode(cause);
    const judgements = CAUSES.flatMap((cause) => this.#take(cause, shown.get(cause), look));
    return { judgements, decision: this.#decide(look) };
  }

  /** A heal of a cause has run, its own or another; it is judged from now on. */
  healed(cause: Cause, level: HealLevel, now: number): void {
    if (this.#healing === cause) this.#healing = undefined;
    const episode = this.#episode(cause);
    episode.open = { level, at: now };
    episode.healedAt = now;
  }

  /** The last level that was tried in vain for a cause, while that lasts. */
  failed(cause: Cause): HealLevel | undefined {
    return this.#episodes.get(cause)?.failed;
  }

  #episode(cause: Cause): Episode {
    let episode = this.#episodes.get(cause);
    if (episode === undefined) {
      episode = {
        seen: 0,
        missing: 0,
        failed: undefined,
        open: undefined,
        healedAt: Number.NEGATIVE_INFINITY,
        declined: false,
      };
      this.#episodes.set(cause, episode);
    }
    return episode;
  }

  #take(cause: Cause, sighting: Sighting | undefined, look: Look): Judgement[] {
    const episode = this.#episodes.get(cause);
    if (episode === undefined) return [];
    if (sighting === undefined) {
      episode.seen = 0;
      episode.missing++;
    } else {
      if (look.regular) episode.seen++;
      episode.missing = 0;
    }
    const judged = this.#judge(cause, episode, look);
    if (episode.missing >= LOOKS_TO_RECOVER && episode.open === undefined) this.#episodes.delete(cause);
    return judged;
  }

  #judge(cause: Cause, episode: Episode, { now, quiet }: Look): Judgement[] {
    const { open } = episode;
    if (open === undefined) return [];
    const { verifyMs, unprovenMs } = this.options;
    const seen = { present: episode.missing === 0, quiet: quiet.includes(cause) };
    const verdict = judgeHeal({ age: now - open.at, verifyMs, unprovenMs, ...seen });
    if (verdict === undefined) return [];
    episode.open = undefined;
    if (verdict === 'not_cured') episode.failed = open.level;
    if (verdict === 'cured') {
      // What comes again is a new fault, and begins at the mildest level again.
      episode.failed = undefined;
      episode.declined = false;
    }
    return [{ cause, level: open.level, verdict }];
  }

  #decide({ sightings, now }: Look): Decision {
    let waiting: Decision = { kind: 'nothing' };
    if (this.#healing !== undefined) return { kind: 'wait', cause: this.#healing, why: 'its heal is running' };
    for (const sighting of sightings) {
      const decision = this.#due(sighting, now);
      if (decision.kind === 'heal') {
        this.#healing = sighting.cause;
        this.#heals.push(now);
      }
      if (decision.kind === 'heal' || decision.kind === 'decline') return decision;
      if (waiting.kind === 'nothing') waiting = decision;
    }
    return waiting;
  }

  #due({ cause, urgent, levels }: Sighting, now: number): Decision {
    const episode = this.#episode(cause);
    const { failureThreshold, cooldownMs, heals, periodMs } = this.options;
    const wait = (why: string): Decision => ({ kind: 'wait', cause, why });
    if (episode.open !== undefined) return wait('its heal is not judged yet');
    if (episode.failed === undefined && !urgent && episode.seen < failureThreshold)
      return wait(`seen ${episode.seen} of ${failureThreshold} times`);
    const level = nextLevel(levels, episode.failed);
    if (level === undefined) {
      if (episode.declined) return wait('nothing that is left to try can cure it');
      episode.declined = true;
      const why = levels.length === 0 ? 'no step of this node can cure it' : 'every level that can cure it was tried';
      return { kind: 'decline', cause, why };
    }
    if (now - episode.healedAt < cooldownMs) return wait('cooling down after a heal');
    this.#heals = this.#heals.filter((at) => now - at < periodMs);
    if (this.#heals.length >= heals) return wait(`${heals} heals within the period are the limit`);
    return { kind: 'heal', cause, level };
  }
}
