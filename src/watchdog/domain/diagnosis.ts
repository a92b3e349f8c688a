import { CAUSES, type Cause, type Evidence } from '../../kernel/cause.js';
import { type Condition, type FindingKind } from './node-state.js';
import { REQUEST_ERRORS } from './request-errors-name.js';

/** What a vital has found, with its name. */
export interface Found {
  readonly name: string;
  readonly severity: 'degraded' | 'unhealthy';
  readonly reason: string;
  readonly cause: Cause;
  readonly notReady?: boolean | undefined;
  readonly evidence?: Evidence | undefined;
  readonly urgent?: boolean | undefined;
  readonly restartCures?: boolean | undefined;
  readonly healable?: boolean | undefined;
  readonly advice?: string | undefined;
  readonly kind?: FindingKind | undefined;
  readonly doing?: string | undefined;
  readonly nextTryAt?: number | undefined;
}

/** Causes that show themselves to requests as errors of the upstream. */
const BEHIND_UPSTREAM_ERRORS: readonly Cause[] = ['connection_fault', 'configuration', 'quota_exhausted'];

/**
 * Puts findings in order, worst first and why before that, and gives requests that fail the cause that the other
 * findings have evidence of; `since` says when each was first found, wall-clock ms.
 */
export function diagnose(found: readonly Found[], since: (name: string) => number): Condition[] {
  // What is only said for a person to know, such as a target that was taken out, is no evidence of why requests fail.
  const evident = found.filter(({ name, healable }) => name !== REQUEST_ERRORS && healable !== false);
  const known = evident.map(({ cause }) => cause);
  // A key or a quota that others stand in for does not explain what a closer look has found to be an outage.
  const outage = known.includes('upstream_outage');
  const root = outage ? undefined : BEHIND_UPSTREAM_ERRORS.find((cause) => known.includes(cause));
  const conditions = found.map((finding) => ({
    ...finding,
    cause: root !== undefined && mayHide(finding, root) ? root : finding.cause,
    notReady: finding.notReady === true,
    urgent: finding.urgent === true,
    restartCures: finding.restartCures === true,
    healable: finding.healable !== false,
    evidence: finding.evidence ?? {},
    since: since(finding.name),
  }));
  // What explains why requests fail is as bad as that they do.
  const felt = conditions.filter(({ severity }) => severity === 'unhealthy').map(({ cause }) => cause);
  const rank = ({ cause, name }: Condition): number =>
    (felt.includes(cause) ? 0 : 100) + (name === REQUEST_ERRORS ? 50 : 0) + CAUSES.indexOf(cause);
  // Of one cause, what is only told comes behind what shows it.
  const told = ({ healable }: Condition): number => Number(!healable);
  return conditions.sort((a, b) => rank(a) - rank(b) || told(a) - told(b) || (a.name < b.name ? -1 : 1));
}

function mayHide({ name, cause }: Found, root: Cause): boolean {
  return name === REQUEST_ERRORS && cause === 'upstream_outage' && root !== cause;
}
