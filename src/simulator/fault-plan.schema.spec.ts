import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFaultPlan } from './fault-plan.schema.js';
import { FAULT_KINDS } from './fault.schema.js';
import { loadFaultPlan } from './load-fault-plan.js';

const problems = (json: unknown): string => (parseFaultPlan(json).problems ?? []).join('\n');
const EXTRA: Record<string, object> = {
  latency: { ms: 5 },
  slow: { perEventMs: '1s' },
  finishReason: { reason: 'OTHER' },
  prefillStyle: { style: 'exact' },
};

describe('parseFaultPlan', () => {
  it('reads every kind with its defaults', () => {
    for (const kind of FAULT_KINDS) {
      const parsed = parseFaultPlan({ faults: [{ fault: { kind, ...EXTRA[kind] } }] });
      expect(parsed.problems, kind).toBeUndefined();
      expect(parsed.plan?.faults[0]?.fault.kind).toBe(kind);
    }
  });

  it('reads times, globs and presets', () => {
    const { plan } = parseFaultPlan({
      seed: 5,
      quota: { perMinute: 3 },
      faults: [
        {
          id: 'a',
          model: 'gemini-*',
          method: 'stream*',
          from: '1s',
          for: 500,
          skip: 1,
          times: 2,
          fault: { kind: 'reset', afterEvents: -1 },
        },
      ],
    });
    expect(plan).toMatchObject({
      seed: 5,
      quota: { perMinute: 3 },
      faults: [
        {
          id: 'a',
          methods: ['stream*'],
          fromMs: 1_000,
          forMs: 500,
          skip: 1,
          times: 2,
          fault: { kind: 'reset', beforeHeaders: true },
        },
      ],
    });
    expect(parseFaultPlan({ preset: 'outage', for: '2m' }).plan).toMatchObject({
      preset: 'outage',
      faults: [{ forMs: 120_000 }],
    });
  });

  it('names the place, the problem, the nearest kind and an example', () => {
    expect(problems({ faults: [{ fault: { kind: 'stal' } }] })).toMatch(
      /^faults\[0\]\.fault\.kind: unknown kind, did you mean "stall"\?.*\nexample: \{"faults":/,
    );
    expect(problems({ faults: [{ for: 'soon', fault: { kind: 'stall' } }] })).toMatch(
      /^faults\[0\]\.for: "soon" is not a duration/,
    );
    expect(problems({ faults: [{ fault: { kind: 'stall', after: 3 } }] })).toMatch(
      /^faults\[0\]\.fault: Unrecognized key: "after"/,
    );
    expect(problems({ faults: [{}] })).toMatch(/^faults\[0\]\.fault/);
    expect(problems({ faults: new Array(201).fill({ fault: { kind: 'stall' } }) })).toMatch(/^faults: /);
    expect(problems({ preset: 'outge' })).toMatch(/^preset: .*\nexample: \{"preset":"outage"/);
    expect(problems('x')).toMatch(/^plan: /);
    expect(problems({ faults: [{ for: -1, fault: { kind: 'zombie', everyMs: 0 } }] })).toMatch(
      /everyMs: must be at least 1 ms/,
    );
  });
});

describe('loadFaultPlan', () => {
  it('reads a file, and tells what is wrong with one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'faults-'));
    const path = join(folder, 'plan.json');
    await writeFile(path, '{"faults":[{"fault":{"kind":"cancelled"}}]}');
    expect((await loadFaultPlan(path)).plan?.faults).toHaveLength(1);
    await writeFile(path, '{');
    expect((await loadFaultPlan(path)).problems?.[0]).toContain('plan.json: ');
    await rm(folder, { recursive: true });
    expect((await loadFaultPlan(path)).problems?.[0]).toContain('ENOENT');
  });
});
