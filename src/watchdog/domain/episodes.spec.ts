import { beforeEach, expect, it } from 'vitest';
import { Episodes } from './episodes.js';
import { type Condition } from './node-state.js';
import { conditionOf } from './test-condition.js';

let episodes: Episodes;
beforeEach(() => {
  episodes = new Episodes();
});

const outage = conditionOf({ name: 'upstream', cause: 'upstream_outage' });
const broken = conditionOf({ name: 'upstream', cause: 'connection_fault', severity: 'unhealthy' });

function look(wall: number, conditions: Condition[], failedEver = 0, failedLately = 0): void {
  episodes.look({ wall, conditions, failedEver, failedLately });
}

it('tells nothing before a trouble and while there is one', () => {
  look(0, []);
  expect(episodes.recovery(undefined)).toBeUndefined();
  look(5000, [{ ...outage, since: 5000 }], 3, 3);
  expect(episodes.recovery(undefined)).toBeUndefined();
});

it('counts the failures by which it was found, and none that were long before', () => {
  look(100_000, [{ ...outage, since: 100_000 }], 43, 3);
  look(160_000, [{ ...outage, since: 100_000 }], 50, 10);
  look(190_000, [], 52, 2);
  expect(episodes.recovery(undefined)).toEqual({
    at: 190_000,
    cause: 'upstream_outage',
    lastedMs: 90_000,
    failed: 12,
    cured: undefined,
  });
  look(200_000, [{ ...outage, since: 200_000 }], 52, 0);
  expect(episodes.recovery(undefined)).toBeUndefined();
});

it('does not tell what was short and cost nothing, and keeps what it knew', () => {
  look(0, [{ ...outage, since: 0 }]);
  look(20_000, []);
  look(30_000, [{ ...broken, since: 30_000 }]);
  look(39_999, []);
  expect(episodes.recovery(undefined)).toMatchObject({ at: 20_000 });
  look(40_000, [{ ...broken, since: 40_000 }], 1, 1);
  look(41_000, [], 1, 1);
  expect(episodes.recovery(undefined)).toMatchObject({ at: 41_000, failed: 1 });
});

it('does not call it a trouble that a target is taken out', () => {
  look(0, [conditionOf({ kind: 'isolated' })]);
  look(60_000, []);
  expect(episodes.recovery(undefined)).toBeUndefined();
});

it('is of the cause at its worst, and credits a heal of its causes that ran in its time', () => {
  look(0, [{ ...outage, since: 0 }]);
  look(10_000, [{ ...broken, since: 10_000 }]);
  look(20_000, [{ ...outage, since: 0 }]);
  look(30_000, []);
  const cure = { steps: ['http_client_reset'], cause: 'connection_fault', at: 29_000 } as const;
  expect(episodes.recovery(undefined)).toMatchObject({ cause: 'connection_fault', cured: undefined });
  expect(episodes.recovery(cure)).toMatchObject({ cause: 'connection_fault', cured: ['http_client_reset'] });
  expect(episodes.recovery({ ...cure, cause: 'upstream_outage' })).toMatchObject({ cause: 'upstream_outage' });
  for (const other of [{ cause: 'store_fault' } as const, { at: -1 }, { at: 30_001 }]) {
    expect(episodes.recovery({ ...cure, ...other })?.cured).toBeUndefined();
  }
});

it('is not of a negative length when the clock is set back', () => {
  look(50_000, [{ ...outage, since: 50_000 }], 1, 1);
  look(10_000, [], 1, 1);
  expect(episodes.recovery(undefined)).toMatchObject({ lastedMs: 0 });
});
