import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { historySettings, type HistorySettings, type StoredSample } from '../../metrics/index.js';
import { ManualClock } from '../../kernel/clock.js';
import { platformSettings } from '../../platform/platform.settings.js';
import { type SettingsOf } from '../../platform/settings.js';
import { telemetrySettings, type TelemetrySettings } from '../../platform/telemetry.settings.js';
import { validateEnvironment } from '../../platform/validate-environment.js';
import { type MemorySettings, memorySettings } from '../memory.settings.js';
import { newDatabase, runStatement, testedKinds } from '../test-databases.js';
import { startStore, type TestStore } from '../test-store.js';
import { HistoryStore } from './history.store.js';

const DAY = 86_400;
const kinds = testedKinds('the history on a server');
const sample = (at: number, life = 'a', step: StoredSample['step'] = 10): StoredSample => ({
  step,
  at,
  life,
  body: `{"s":${at}}`,
});

describe.each(kinds)('the history in %s', (kind) => {
  const opened: TestStore[] = [];
  let url: string;
  let clock: ManualClock;
  let now: number;

  const history = (env: Record<string, string> = {}): HistoryStore => {
    const opened_ = startStore({ DATABASE_URL: url });
    opened.push(opened_);
    const groups = [historySettings, memorySettings, platformSettings, telemetrySettings];
    const { values, problems } = validateEnvironment(groups, { DATABASE_URL: url, ...env });
    expect(problems).toEqual([]);
    return new HistoryStore(
      opened_.store,
      values['history'] as HistorySettings,
      clock,
      values['memory'] as MemorySettings,
      values['platform'] as SettingsOf<typeof platformSettings>,
      values['telemetry'] as TelemetrySettings,
    );
  };
  const count = async (): Promise<number> =>
    Number((await runStatement<{ n: number | string }>(url, 'SELECT count(*) AS n FROM metrics_sample'))[0]?.n);
  const all = { step: 10, from: 0, to: 2 ** 40, limit: 1000 } as const;

  beforeEach(async () => {
    url = await newDatabase(kind);
    clock = new ManualClock();
    now = clock.wall() / 1000;
  });
  afterEach(async () => {
    for (const { store } of opened.splice(0)) await store.close();
  });

  it('gives back what it keeps, page by page, of a range of time', async () => {
    const store = history();
    const samples = [0, 10, 20, 30].flatMap((at) => ['a', 'b'].map((life) => sample(now + at, life)));
    await store.keep([...samples].reverse());
    await store.keep([sample(now, 'a', 60)]);
    expect(await store.read(all)).toEqual(samples);
    expect(await store.read({ ...all, from: now + 10, to: now + 30 })).toEqual(samples.slice(2, 6));
    const [, , third] = samples;
    expect(await store.read({ ...all, after: third, limit: 3 })).toEqual(samples.slice(3, 6));
  });

  it('puts a sample over the one of its place', async () => {
    const store = history();
    await store.keep([sample(now)]);
    await store.keep([{ ...sample(now), body: 'later' }]);
    expect(await store.read(all)).toEqual([{ ...sample(now), body: 'later' }]);
  });

  it('removes what is too old, of a time to come, or too much, step by step', async () => {
    const store = history({ METRICS_RETENTION_DAYS: '1' });
    const old = Array.from({ length: 150 }, (_, n) => sample(now - DAY - 20 - n * 10));
    await store.keep([...old, sample(now - DAY), sample(now), sample(now + 2 * DAY, 'b')]);
    await store.keep([sample(now - 20 * DAY, 'a', 60), sample(now - 20 * DAY, 'a', 3600)]);
    const steps = [await store.removeSome(), await count()];
    expect(steps).toEqual([true, 55]);
    while (await store.removeSome());
    expect((await store.read(all)).map(({ at }) => at)).toEqual([now - DAY, now]);
    expect(await count()).toBe(2);
    // A node that started without end, in one hour: twice as many samples as fit into the time are kept.
    const lives = Array.from({ length: 130 }, (_, n) => sample(now, String(n).padStart(3, '0'), 3600));
    await store.keep(lives);
    while (await store.removeSome());
    const left = await store.read({ ...all, step: 3600 });
    expect(left.map(({ life }) => life)).toEqual(lives.slice(82).map(({ life }) => life));
  });

  it('knows how large the database is', async () => {
    expect(await history().databaseBytes()).toBeGreaterThan(20_000);
  });

  it.runIf(kind === 'PostgreSQL')('keeps nodes apart that share a server', async () => {
    const [one, two] = ['one', 'two'].map((name) =>
      history({ OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${name}`, METRICS_RETENTION_DAYS: '1' }),
    );
    await one!.keep([sample(now), sample(now - 3 * DAY)]);
    await two!.keep([{ ...sample(now), body: 'of two' }]);
    expect(await one!.read({ ...all, from: now })).toEqual([sample(now)]);
    expect(await two!.read(all)).toEqual([{ ...sample(now), body: 'of two' }]);
    // What a node left behind that is gone for good grows old too.
    while (await two!.removeSome());
    expect(await one!.read(all)).toEqual([sample(now)]);
  });
});
