import { type Condition } from '../node-state.js';
import { REQUEST_ERRORS } from '../request-errors-name.js';
import { type Outlook, type RequestOutlook, type Sentence } from './outlook.js';
import { causeWords, inline, joined, listText, open, percentText, secondsText, sinceText } from './wording.js';

/** Only a person can mend the worst of it, or all the rest is in hand. */
export function needsYou(outlook: Outlook): Sentence | undefined {
  const { state, conditions, requests } = outlook;
  // While requests fail for another reason, that is what has to be known first.
  const found = state === 'unhealthy' ? felt(outlook) : conditions.find(({ kind }) => kind === 'needs_you');
  if (found?.kind !== 'needs_you') return undefined;
  const failing = requests.failing ? share(requests) : undefined;
  const todo = found.advice === undefined ? undefined : `Do: ${inline(found.advice)}`;
  return {
    lead: 'The node cannot fix this:',
    rest: joined(found.reason, failing, found.doing, todo, also(outlook, found)),
  };
}

/** Every key rests, and nothing else makes requests fail. */
export function quotaInVain(outlook: Outlook): Sentence | undefined {
  const worst = felt(outlook);
  if (worst?.kind !== 'quota' || worst.severity !== 'unhealthy' || outlook.requests.failing) return undefined;
  return told(outlook, worst, worst.advice === undefined ? undefined : `You can: ${inline(worst.advice)}`);
}

/** Requests fail. */
export function unhealthy(outlook: Outlook): Sentence | undefined {
  const { state, conditions, requests, now } = outlook;
  if (state !== 'unhealthy') return undefined;
  const worst = felt(outlook);
  const failing = requests.failing ? share(requests) : undefined;
  const cause = worst?.reason ?? causeOf(outlook);
  return {
    lead: `Failing${sinceText(begunOf(conditions, now), now)}${failing === undefined ? '.' : ':'}`,
    rest: joined(
      failing,
      cause === undefined ? undefined : `Cause: ${cause}`,
      triedText(outlook, worst),
      adviceOf(outlook, worst),
      also(outlook, worst),
    ),
  };
}

/** The node repairs itself, or is about to see whether it has. */
export function healing({ heal }: Outlook): Sentence | undefined {
  if (heal === undefined) return undefined;
  const { level, steps, resultInMs } = heal;
  const what = steps.length === 0 ? 'nothing is left to do.' : `${listText(steps)}.`;
  const result = resultInMs === undefined ? undefined : `Result in about ${secondsText(resultInMs)}.`;
  return { lead: `Healing (${level}):`, rest: joined(what, result) };
}

/** Served all the same. */
export function degraded(outlook: Outlook): Sentence | undefined {
  const { conditions, forecasts, now } = outlook;
  const found = partsOf(outlook).find(({ kind }) => kind === undefined);
  if (found === undefined) return undefined;
  const group = conditions.filter((one) => isOf(one, found));
  const advice = adviceOf(outlook, found);
  const helped = group.some(({ doing }) => doing !== undefined);
  const mendable = forecasts.length > 0 || conditions.some((one) => one.advice !== undefined);
  const calm = helped && !mendable ? 'Nothing for you to do.' : undefined;
  const what = found.doing === undefined ? found.reason : `${open(found.reason)}; ${inline(found.doing)}`;
  const rest = joined(what, triedText(outlook, found, found.doing), advice ?? calm, also(outlook, found));
  return { lead: `Degraded${sinceText(begunOf(group, now), now)}.`, rest };
}

/** Some keys rest. */
export function quota(outlook: Outlook): Sentence | undefined {
  return ofKind(outlook, 'quota');
}

/** There is more to do than places to do it in. */
export function overloaded(outlook: Outlook): Sentence | undefined {
  return ofKind(outlook, 'overloaded');
}

/** Somebody wants it so. */
export function isolated(outlook: Outlook): Sentence | undefined {
  const found = outlook.conditions.find(({ kind }) => kind === 'isolated');
  return found === undefined ? undefined : told(outlook, found, found.advice);
}

function ofKind(outlook: Outlook, wanted: Condition['kind']): Sentence | undefined {
  const found = outlook.conditions.find(({ kind }) => kind === wanted);
  return found === undefined ? undefined : told(outlook, found);
}

/** A finding whose own first sentence names the state. */
function told(outlook: Outlook, found: Condition, todo?: string): Sentence {
  return { lead: found.reason, rest: joined(found.doing, todo, also(outlook, found)) };
}

/** Conditions that say why, and not only that requests fail. */
function partsOf({ conditions }: Outlook): readonly Condition[] {
  return conditions.filter(({ name }) => name !== REQUEST_ERRORS);
}

/** The part that makes requests fail, as far as that is known. */
function felt(outlook: Outlook): Condition | undefined {
  const blamed = outlook.conditions.find(({ name }) => name === REQUEST_ERRORS)?.cause;
  return partsOf(outlook).find(({ severity, cause }) => severity === 'unhealthy' || cause === blamed);
}

/** What failed requests speak of themselves. */
function causeOf({ conditions, requests }: Outlook): string | undefined {
  const found = conditions.find(({ name }) => name === REQUEST_ERRORS);
  if (found === undefined) return undefined;
  return `${causeWords(found.cause)}, the last failed with ${requests.lastFailure ?? 'no code'}.`;
}

/** Whether both are sides of one story. */
function isOf(one: Condition, other: Condition): boolean {
  return one.cause === other.cause && one.kind === other.kind && one.name !== REQUEST_ERRORS;
}

/** The share of requests that fail, of the last minute where it has any. */
function share({ lastMinute, answered, failed }: RequestOutlook): string | undefined {
  const minute = lastMinute.answered + lastMinute.failed;
  if (minute > 0) return `${percentText(lastMinute.failed, minute)} of requests fail.`;
  if (answered + failed === 0) return undefined;
  return `${percentText(failed, answered + failed)} of the requests of the last 5 minutes failed.`;
}

/** What the node tries: a heal, what it does about the story meanwhile, and when it tries whether it is over. */
function triedText({ heal, conditions, now }: Outlook, found: Condition | undefined, told?: string): string {
  const sides = found === undefined ? [] : conditions.filter((one) => isOf(one, found));
  const doing = sides.map((side) => side.doing).find((one) => one !== undefined);
  const at = sides.map(({ nextTryAt }) => nextTryAt).find((one) => one !== undefined);
  const next =
    at === undefined ? undefined : at > now ? `Next try in ${secondsText(at - now)}.` : 'The next call tries it.';
  const repair = healing({ heal } as Outlook);
  const healed = repair === undefined ? undefined : `${repair.lead} ${repair.rest}`;
  return joined(healed, doing === told ? undefined : doing, next);
}

/** What a person can do about the story. */
function adviceOf({ conditions }: Outlook, found: Condition | undefined): string | undefined {
  if (found === undefined) return undefined;
  const advice = conditions.find((one) => isOf(one, found) && one.advice !== undefined)?.advice;
  return advice === undefined ? undefined : `You can: ${inline(advice)}`;
}

/** The other parts that are not well, by name. */
function also(outlook: Outlook, found: Condition | undefined): string | undefined {
  const others = partsOf(outlook).filter((one) => found === undefined || !isOf(one, found));
  return others.length === 0 ? undefined : `Also not well: ${listText(others.map(({ name }) => name))}.`;
}

/** When the oldest of the worst began, wall-clock ms. */
function begunOf(conditions: readonly Condition[], now: number): number {
  const worst = conditions.filter(({ severity }) => severity === 'unhealthy');
  return (worst.length > 0 ? worst : conditions).reduce((first, { since }) => Math.min(first, since), now);
}
