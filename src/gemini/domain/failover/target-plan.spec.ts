import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { type Availability, type Target, targetId } from './target.js';
import { type PlanLimits, TargetPlan } from './target-plan.js';
import { type AttemptVerdict } from './verdict.js';

const limits: PlanLimits = { attempts: 3, patienceMs: 3_000, waitLimitMs: 10_000 };
const outage: AttemptVerdict = { cause: 'server_error', retry: 'same', others: 'any', circuit: 'failure', max: 3 };
const silent: AttemptVerdict = { cause: 'silent', retry: 'elsewhere', others: 'any', circuit: 'failure' };
const badCall: AttemptVerdict = { cause: 'bad_call', retry: 'same', others: 'none', circuit: 'success', max: 2 };
const refused: AttemptVerdict = { cause: 'client_error', retry: 'never', others: 'none', circuit: 'ignore' };
const badKey: AttemptVerdict = {
  cause: 'key',
  retry: 'elsewhere',
  others: 'keys',
  circuit: 'ignore',
  keyFault: 'API_KEY_INVALID',
};
const hidden: AttemptVerdict = { cause: 'key', retry: 'elsewhere', others: 'keys', circuit: 'ignore' };
const tooLong: AttemptVerdict = {
  cause: 'too_long',
  retry: 'elsewhere',
  others: 'larger',
  circuit: 'ignore',
  tokens: 150,
};

function quota(waitMs: number, retry: 'same' | 'elsewhere' = 'same'): AttemptVerdict {
  return { cause: 'quota', retry, others: 'any', circuit: 'ignore', waitMs, max: 3 };
}

let clock: ManualClock;
let keys: string[];
let rests: Record<string, number>;
let opens: Record<string, number>;
let sizes: Record<string, number>;

beforeEach(() => {
  clock = new ManualClock();
  keys = ['k1'];
  rests = {};
  opens = {};
  sizes = {};
});

const availability: Availability = {
  keys: () => keys,
  restMs: (target) => rests[`${target.key} ${target.model}`] ?? 0,
  openMs: (target) => opens[`${target.key} ${target.model}`] ?? 0,
  inputLimit: (model) => sizes[model],
};

function planOf(models: string[], changed: Partial<PlanLimits> = {}): TargetPlan<string> {
  return new TargetPlan(clock, models, availability, { ...limits, ...changed });
}

/** Follows the plan with attempts that end as `verdict` says, and tells the way it went. */
function follow(plan: TargetPlan<string>, verdict: (target: Target, turn: number) => AttemptVerdict): string[] {
  const way: string[] = [];
  for (let turn = 0; turn < 50; turn++) {
    const step = plan.next();
    if (step.kind === 'stop') return [...way, step.why];
    clock.advance(step.waitMs);
    way.push(`${step.target.key} ${step.target.model}${step.waitMs > 0 ? ` +${step.waitMs}` : ''}`);
    plan.failed(step.target, verdict(step.target, turn), `error ${turn}`, 100);
  }
  throw new Error('the plan has no end');
}

describe('faults of the servers', () => {
  it('repeats after the backoff and gives the last attempt to the fallback', () => {
    expect(follow(planOf(['pro', 'flash']), () => outage)).toEqual(['k1 pro', 'k1 pro +100', 'k1 flash', 'limit']);
  });

  it('repeats as often as may be when there is nowhere else', () => {
    expect(follow(planOf(['pro']), () => outage)).toEqual(['k1 pro', 'k1 pro +100', 'k1 pro +100', 'exhausted']);
  });

  it('waits for the model with another key too: it reaches the same servers', () => {
    keys = ['k1', 'k2'];
    expect(follow(planOf(['pro']), () => outage).slice(0, 2)).toEqual(['k1 pro', 'k2 pro +100']);
  });

  it('obeys the wait of the server, and goes elsewhere rather than wait long', () => {
    const told = (waitMs: number): AttemptVerdict => ({ ...outage, waitMs });
    expect(follow(planOf(['pro']), () => told(2_000))[1]).toBe('k1 pro +2000');
    expect(follow(planOf(['pro', 'flash']), () => told(4_000))[1]).toBe('k1 flash');
  });

  it('repeats no more often than the cause is worth', () => {
    expect(follow(planOf(['pro'], { attempts: 9 }), () => ({ ...outage, max: 2 }))).toHaveLength(3);
    expect(follow(planOf(['pro', 'flash']), () => badCall)).toEqual(['k1 pro', 'k1 pro +100', 'final']);
  });
});

describe('quota', () => {
  it('goes on with another key at once, and then with a model', () => {
    keys = ['k1', 'k2'];
    const way = follow(planOf(['pro', 'flash']), () => quota(34_000, 'elsewhere'));
    expect(way).toEqual(['k1 pro', 'k2 pro', 'k1 flash', 'k2 flash', 'exhausted']);
  });

  it('waits a short while for the model asked for rather than give another', () => {
    const way = follow(planOf(['pro', 'flash']), () => quota(2_000));
    expect(way).toEqual(['k1 pro', 'k1 pro +2000', 'k1 flash', 'k1 pro +2000', 'limit']);
  });

  it('waits longer only when nothing is ready', () => {
    expect(follow(planOf(['pro', 'flash']), () => quota(5_000)).slice(0, 2)).toEqual(['k1 pro', 'k1 flash']);
    expect(follow(planOf(['pro']), () => quota(5_000))[1]).toBe('k1 pro +5000');
  });

  it('skips what is known to rest, and tells when the first is back', () => {
    rests = { 'k1 pro': 60_000, 'k1 flash': 20_000 };
    const plan = planOf(['pro', 'flash']);
    expect(plan.next()).toEqual({ kind: 'stop', why: 'resting', retryAfterMs: 20_000 });
    rests = { 'k1 pro': 60_000 };
    expect(follow(planOf(['pro', 'flash']), () => outage)[0]).toBe('k1 flash');
  });

  it('tells the wait after a refusal as well, less what has passed', () => {
    const plan = planOf(['pro']);
    const step = plan.next();
    if (step.kind === 'go') plan.failed(step.target, quota(34_000, 'elsewhere'), 'quota', 0);
    clock.advance(4_000);
    expect(plan.next()).toEqual({ kind: 'stop', why: 'exhausted', retryAfterMs: 30_000 });
  });
});

describe('circuits', () => {
  it('passes by open ones at once, never waits for one, and tells the first to try again', () => {
    opens = { 'k1 pro': 500 };
    expect(follow(planOf(['pro', 'flash']), () => refused)[0]).toBe('k1 flash');
    expect(planOf(['pro']).next()).toEqual({ kind: 'stop', why: 'exhausted', retryAfterMs: 500 });
  });
});

describe('keys', () => {
  it('tries every key while they are bad, for no attempt of the limit', () => {
    keys = Array.from({ length: 9 }, (_, i) => `k${i}`);
    const way = follow(planOf(['pro', 'flash']), ({ key }) => (key === 'k8' ? outage : badKey));
    expect(way.slice(0, 9)).toEqual(keys.map((key) => `${key} pro`));
    expect(way.slice(9)).toEqual(['k8 pro +100', 'k8 flash', 'limit']);
  });

  it('looks for the owner of a file among the keys, not among the models', () => {
    keys = ['k1', 'k2'];
    expect(follow(planOf(['pro', 'flash']), () => hidden)).toEqual(['k1 pro', 'k2 pro', 'exhausted']);
  });
});

describe('silence', () => {
  it('never asks a silent target again, and tries other models before other keys', () => {
    keys = ['k1', 'k2'];
    expect(follow(planOf(['pro', 'flash']), () => silent)).toEqual(['k1 pro', 'k1 flash', 'k2 pro', 'limit']);
    keys = ['k1'];
    expect(follow(planOf(['pro']), () => silent)).toEqual(['k1 pro', 'exhausted']);
  });

  it('starts another target beside the silent one, once per target', () => {
    const plan = planOf(['pro', 'flash']);
    expect(plan.next()).toMatchObject({ target: { model: 'pro' } });
    expect(plan.beside()).toEqual({ model: 'flash', key: 'k1' });
    expect(plan.beside()).toBeUndefined();
    expect(plan.next()).toMatchObject({ kind: 'stop' });
    expect(plan.attempts).toBe(2);
  });
});

describe('too long', () => {
  it('asks each larger model once, and never the same', () => {
    sizes = { pro: 100, flash: 120, big: 200 };
    expect(follow(planOf(['pro', 'flash', 'big', 'unknown']), () => tooLong)).toEqual([
      'k1 pro',
      'k1 big',
      'k1 unknown',
      'exhausted',
    ]);
    const uncounted: AttemptVerdict = { cause: 'too_long', retry: 'elsewhere', others: 'larger', circuit: 'ignore' };
    expect(follow(planOf(['flash', 'pro', 'big']), () => uncounted)).toEqual(['k1 flash', 'k1 big', 'exhausted']);
  });
});

describe('the error that is shown', () => {
  it('is the first, not what a fallback made of the request', () => {
    const plan = planOf(['pro', 'flash', 'lite']);
    const way = follow(plan, ({ model }) => (model === 'flash' ? refused : { ...outage, max: 1 }));
    expect(way).toEqual(['k1 pro', 'k1 flash', 'k1 lite', 'exhausted']);
    expect(plan.original).toBe('error 0');
  });

  it('is what the model asked for says about the request, when it says it', () => {
    const plan = planOf(['pro', 'flash']);
    expect(follow(plan, (_, turn) => (turn === 0 ? outage : refused))).toEqual(['k1 pro', 'k1 pro +100', 'final']);
    expect(plan.original).toBe('error 1');
  });

  it('is not about a bad key of the node, unless there is nothing else', () => {
    keys = ['k1', 'k2'];
    const plan = planOf(['pro']);
    follow(plan, ({ key }) => (key === 'k1' ? badKey : refused));
    expect(plan.original).toBe('error 1');
    const all = planOf(['pro']);
    follow(all, () => badKey);
    expect(all.original).toBe('error 0');
  });
});

it('always ends: bounded attempts, no silent target twice, no wait beyond the limit', () => {
  const verdicts = [outage, silent, badCall, refused, badKey, hidden, tooLong, quota(2_000), quota(9_000, 'elsewhere')];
  const names = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(
      names,
      names,
      fc.array(fc.nat(verdicts.length - 1), { minLength: 60, maxLength: 60 }),
      (m, k, draws) => {
        keys = Array.from({ length: k }, (_, i) => `k${i}`);
        const plan = planOf(Array.from({ length: m }, (_, i) => `m${i}`));
        const quiet = new Set<string>();
        let bad = 0;
        for (const draw of draws) {
          const step = plan.next();
          if (step.kind === 'stop') break;
          expect(step.waitMs).toBeLessThanOrEqual(limits.waitLimitMs);
          expect(quiet.has(targetId(step.target))).toBe(false);
          const verdict = verdicts[draw]!;
          if (verdict === silent) quiet.add(targetId(step.target));
          if (verdict === badKey) bad++;
          clock.advance(step.waitMs);
          plan.failed(step.target, verdict, 'x', 100);
        }
        expect(plan.attempts).toBeLessThanOrEqual(2 * limits.attempts + bad);
        expect(plan.next().kind).toBe('stop');
      },
    ),
  );
});

it('asks at once for the next part of an answer, and backs off from a fault', () => {
  const waits = [{ ...badCall, cause: 'part' } as const, outage].map((verdict) => {
    const plan = planOf(['m1']);
    const first = plan.next();
    if (first.kind === 'go') plan.failed(first.target, verdict, 'E', 500);
    return plan.next();
  });
  expect(waits).toMatchObject([{ waitMs: 0 }, { waitMs: 500 }]);
});
