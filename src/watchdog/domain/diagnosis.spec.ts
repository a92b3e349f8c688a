import { describe, expect, it } from 'vitest';
import { type Cause } from '../../kernel/cause.js';
import { type HealLevel } from '../../kernel/heal-level.js';
import { diagnose, type Found } from './diagnosis.js';
import { sightingsOf, whyNothing } from './would.js';

const finding = (name: string, cause: Cause, more: Partial<Found> = {}): Found => ({
  name,
  cause,
  severity: 'degraded',
  reason: `${name} is not well.`,
  ...more,
});
const failing = (cause: Cause): Found => finding('request_errors', cause, { severity: 'unhealthy', urgent: true });

describe('the diagnosis', () => {
  it('gives requests that fail the cause that others have evidence of', () => {
    const causes = (found: Found[]): unknown[] => diagnose(found, () => 0).map(({ name, cause }) => [name, cause]);
    expect(causes([failing('upstream_outage'), finding('upstream', 'connection_fault')])).toEqual([
      ['upstream', 'connection_fault'],
      ['request_errors', 'connection_fault'],
    ]);
    expect(causes([failing('upstream_outage'), finding('upstream', 'upstream_outage')])[0]).toEqual([
      'upstream',
      'upstream_outage',
    ]);
    expect(causes([failing('internal_fault'), finding('upstream', 'connection_fault')])[0]).toEqual([
      'request_errors',
      'internal_fault',
    ]);
  });

  it('does not blame a key or a quota for what is seen to be an outage', () => {
    for (const aside of [finding('keys', 'configuration'), finding('quota', 'quota_exhausted')]) {
      const found = diagnose([failing('upstream_outage'), aside, finding('upstream', 'upstream_outage')], () => 0);
      expect(found.map(({ name }) => name)).toEqual(['upstream', 'request_errors', aside.name]);
      expect(found[1]?.cause).toBe('upstream_outage');
    }
  });

  it('puts what is only told behind what shows the cause, and takes it for no evidence', () => {
    const found = [
      finding('circuits', 'upstream_outage', { healable: false }),
      finding('isolated_targets', 'configuration', { healable: false }),
      finding('upstream', 'upstream_outage'),
      failing('upstream_outage'),
    ];
    expect(diagnose(found, () => 0).map(({ name, cause }) => [name, cause])).toEqual([
      ['upstream', 'upstream_outage'],
      ['circuits', 'upstream_outage'],
      ['request_errors', 'upstream_outage'],
      ['isolated_targets', 'configuration'],
    ]);
  });

  it('puts the worst first, and of equals the one that says why', () => {
    const found = [
      finding('event_loop', 'local_overload'),
      finding('memory_store', 'store_fault'),
      failing('upstream_outage'),
      finding('keys', 'configuration', { severity: 'unhealthy' }),
    ];
    expect(diagnose(found, () => 0).map(({ name }) => name)).toEqual([
      'keys',
      'request_errors',
      'memory_store',
      'event_loop',
    ]);
  });
});

describe('what the node would do', () => {
  const steps: Partial<Record<Cause, HealLevel[]>> = {
    local_overload: ['light', 'medium', 'heavy'],
    store_fault: ['light'],
  };
  const means = (noRestart?: string) => ({ levelsFor: (cause: Cause) => steps[cause] ?? [], noRestart });
  const seen = (found: Found[], noRestart?: string): unknown =>
    sightingsOf(
      diagnose(found, () => 0),
      means(noRestart),
    ).map(({ cause, levels }) => [cause, ...levels]);

  it('is one thing for each cause, and a restart only for what a restart cures', () => {
    const leak = finding('heap', 'local_overload', { restartCures: true });
    const load = finding('event_loop', 'local_overload');
    expect(seen([load])).toEqual([['local_overload', 'light', 'medium']]);
    expect(seen([load, leak])).toEqual([['local_overload', 'light', 'medium', 'heavy']]);
    expect(seen([leak], 'restarted too often')).toEqual([['local_overload', 'light', 'medium']]);
    expect(whyNothing('local_overload', means('restarted too often'))).toBe('restarted too often');
  });

  it('is nothing for an outage, whatever else is asked', () => {
    expect(seen([finding('upstream', 'upstream_outage', { restartCures: true })])).toEqual([['upstream_outage']]);
    expect(whyNothing('upstream_outage', means())).toContain('no reset cures');
  });

  it('leaves out what is said for a person to know', () => {
    expect(seen([finding('memory_store', 'store_fault', { healable: false })])).toEqual([]);
  });
});
