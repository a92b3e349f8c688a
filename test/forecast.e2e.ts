import { spawnSync } from 'node:child_process';
import { DiscoveryService } from '@nestjs/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type Vital, vitals, Watchdog } from '../src/watchdog/index.js';
import { setStage, type Stage } from './support/boot.js';
import { EventFeed, type FedEvent } from './support/event-feed.js';
import { OpenConnections } from './support/open-connections.js';
import { type NodeProcess, runNode, served } from './support/process.js';
import { told } from './support/told.js';
import { hasTool } from './support/tool.js';

/** How long something may take on a busy machine. */
const WAIT = { timeout: 120_000, interval: 250 };
/** The limit on open files, and the pace at which it would be reached within about a minute. */
const LIMIT = 400;
const EVERY_MS = 165;

interface Told {
  readonly enabled: boolean;
  readonly horizon_seconds: number;
  readonly figures: readonly { readonly name: string; readonly state: string; readonly probability: number | null }[];
}
const get = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;
const forecasts = async (url: string): Promise<Told> =>
  (await get<{ forecasts: Told }>(`${url}/self/overview`)).forecasts;
const samples = async (url: string): Promise<string> => {
  const text = await (await fetch(`${url}/metrics/prometheus`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith('l104_forecast'))
    .join('\n');
};

describe.runIf(hasTool('prlimit', 'file descriptors that run out'))('a node whose file descriptors run out', () => {
  let node: NodeProcess | undefined;
  let clients: OpenConnections | undefined;
  let feed: EventFeed | undefined;
  afterEach(async () => {
    clients?.close();
    feed?.leave();
    node?.child.kill('SIGKILL');
    await node?.ended;
  });

  const event = (name: string): FedEvent | undefined => feed?.events.find((one) => one.name === name);
  const alerts = async (url: string): Promise<[name: string, state: string][]> =>
    (await get<{ alerts: { name: string; state: string }[] }>(`${url}/self/alerts`)).alerts
      .filter(({ name }) => name === 'ForecastRaised')
      .map(({ name, state }) => [name, state]);

  it('says so before they do, and takes it back when they are given back', { timeout: 300_000 }, async () => {
    node = runNode([], {
      PORT: '0',
      GEMINI_UPSTREAM: 'simulator',
      WATCHDOG_INTERVAL: '1s',
      FORECAST_HORIZON: '60s',
      REQUEST_HEADERS_TIMEOUT: '10m',
    });
    const url = await served(node);
    spawnSync('prlimit', [`--pid=${node.child.pid}`, `--nofile=${LIMIT}:${LIMIT}`]);
    feed = await EventFeed.open(url);
    expect((await forecasts(url)).figures.map(({ name }) => name).sort()).toEqual(
      ['disk_free', 'file_descriptors', 'heap', 'resident_memory'].sort(),
    );
    clients = new OpenConnections(url);
    clients.grow(EVERY_MS);

    await expect.poll(() => event('forecast_raised'), WAIT).toBeDefined();
    const [health, text, overview] = await Promise.all([told(url), samples(url), forecasts(url)]);
    expect(health).toMatchObject({ status: 'healthy', state: 'healthy', situation: 'watch', headline: 'Healthy, but' });
    expect(health.summary).toMatch(
      /^Healthy, but running out of file descriptors is likely within 1 min \((over )?\d\d %\); no repair is made before\. You can: raise the limit on open files /,
    );
    expect(text).toContain('l104_forecast_raised{figure="file_descriptors"} 1');
    expect(text).toMatch(/l104_forecast_raised\{figure="disk_free"\} 0/);
    expect(text).toMatch(/l104_forecast_probability\{figure="file_descriptors"\} (0\.[89]|1)/);
    expect(text).toMatch(/l104_forecast_limit_seconds\{figure="file_descriptors"\} [1-5]?\d(\.|$)/m);
    expect(overview.figures.find(({ name }) => name === 'file_descriptors')?.state).toBe('likely');
    expect(event('forecast_raised')?.data).toMatchObject({ figure: 'file_descriptors', limit: LIMIT, unit: 'count' });
    await expect.poll(() => alerts(url), WAIT).toEqual([['ForecastRaised', 'firing']]);

    clients.close();
    await expect.poll(() => event('forecast_cleared'), WAIT).toBeDefined();
    expect(event('forecast_cleared')?.data).toMatchObject({ figure: 'file_descriptors', why: 'averted' });
    expect((await told(url)).situation).not.toBe('watch');
    await expect.poll(() => alerts(url), WAIT).toEqual([['ForecastRaised', 'resolved']]);
    for (const name of ['forecast_raised', 'forecast_cleared'])
      expect(node.output.stdout.split(`"event":"${name}"`), name).toHaveLength(2);
    expect(
      (await get<{ items: unknown[] }>(`${url}/self/journal?kind=forecast_raised,forecast_cleared`)).items,
    ).toHaveLength(2);
  });
});

describe('a node that has just begun', () => {
  let stage: Stage;
  afterEach(() => stage.close());
  const vital = (name: string): Vital =>
    vitals.collect(stage.node.app.get(DiscoveryService, { strict: false })).find((one) => one.name === name)!;

  it('tells from when on it knows, and no number before', async () => {
    stage = await setStage();
    const of = async (name: string): Promise<unknown> =>
      (await forecasts(stage.node.url)).figures.find((one) => one.name === name);
    // Alarms come in bursts: what they lead to is no reading.
    await stage.node.app.get(Watchdog).look();
    expect(await of('file_descriptors')).toMatchObject({ unknown_because: 'unread', known_at: null });
    await stage.node.app.get(Watchdog).look(true);
    const { url } = stage.node;
    const { enabled, horizon_seconds: horizon, figures } = await forecasts(url);
    expect([enabled, horizon]).toEqual([true, 3600]);
    const descriptors = figures.find(({ name }) => name === 'file_descriptors') as unknown as Record<string, string>;
    expect(descriptors).toMatchObject({ state: 'unknown', unknown_because: 'too_new', probability: null });
    const ahead = Date.parse(descriptors['known_at']!) - Date.now();
    expect(ahead).toBeGreaterThan(13 * 60_000);
    expect(ahead).toBeLessThanOrEqual(15 * 60_000);
    // The moment stays where it is while it comes nearer.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const later = (await of('file_descriptors')) as { known_at: string };
    expect(Math.abs(Date.parse(later.known_at) - Date.parse(descriptors['known_at']!))).toBeLessThan(100);
    const text = await samples(url);
    expect(text).toContain('l104_forecast_raised{figure="file_descriptors"} 0');
    expect(text).not.toContain('l104_forecast_probability{');
    expect((await told(url)).situation).not.toBe('watch');
  });

  it('makes none while the watchdog is off, and says so', async () => {
    stage = await setStage({ ENABLE_WATCHDOG_ENV: 'false' });
    expect(await forecasts(stage.node.url)).toMatchObject({ enabled: false, figures: [] });
    expect(await samples(stage.node.url)).not.toContain('{');
  });

  it('goes on to look at the rest where one cannot be forecast', async () => {
    stage = await setStage();
    const broken = vital('heap');
    const figures = broken.figures!.bind(broken);
    broken.figures = () => {
      throw new Error('no figures');
    };
    await stage.node.app.get(Watchdog).look(true);
    broken.figures = figures;
    const said = stage.log.filter(({ msg }) => msg === 'a vital could not be forecast');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ event: 'watchdog_warn', vital: 'heap' });
    expect(stage.log.some(({ msg }) => msg === 'the watchdog could not look at the node')).toBe(false);
    const told = await forecasts(stage.node.url);
    expect(told.figures.find(({ name }) => name === 'file_descriptors')).toMatchObject({ unknown_because: 'too_new' });
  });
});
