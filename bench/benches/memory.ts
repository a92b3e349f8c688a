import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Bench, type Findings, type Section, type Stage, type Verdict } from '../bench.js';
import { type BuiltItems, openPlain, openStore } from '../memory/built-memory.js';
import { fill, keyOf } from '../memory/many-rows.js';
import { Comparison } from '../report/comparison.js';
import { percentile } from '../report/statistics.js';
import { ratioText, spreadText } from '../report/table.js';

const WRITERS = [1, 16, 64] as const;
const MOST_WRITERS = 64;
const PHASE_MS = 1500;
const VALUE = 'v'.repeat(200);

const ROWS = 1_000_000;
const READS = 3000;
const PAGE = 100;
/** Rows that come before a page. */
const DEPTHS = [0, 100_000, 900_000] as const;
const PAGES = 60;

const GOOD_RATIO = 8;
const GOOD_P99_MS = 50;
const GOOD_LOOP_MS = 5;
const GOOD_READ_MS = 1;
/** A page deep in the list may take so many times what the first takes. */
const GOOD_DEPTH_RATIO = 1.5;

type WriteMetric = 'perSecond' | 'p99' | 'loop';

/** Durable writes beside the plain way of using the same driver on a file with the same settings; reads of a large store. */
export const memory: Bench = {
  name: 'memory',
  about: `durable writes per second at ${WRITERS.join(', ')} writers, reads and pages at ${ROWS} rows`,
  usual: true,
  async run(stage): Promise<Findings> {
    const directory = mkdtempSync(join(tmpdir(), 'bench-memory-'));
    try {
      const written = await writes(stage, directory);
      const read = await reads(stage, directory);
      return { sections: [written.section, read.section], verdicts: [...written.verdicts, ...read.verdicts] };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

async function writes(stage: Stage, directory: string): Promise<{ section: Section; verdicts: Verdict[] }> {
  const store = await openStore(join(directory, 'store.db'));
  const plain = await openPlain(join(directory, 'plain.db'));
  const found = new Comparison<WriteMetric>();
  let key = 0;
  const own = (): Promise<unknown> => store.items.put({ namespace: '', key: `k${key++}` }, VALUE);
  const other = (): Promise<unknown> => plain.save(`k${key++}`, VALUE);
  for (let round = 1; round <= stage.options.rounds; round++) {
    stage.progress.start(`memory, writes: round ${round}/${stage.options.rounds}`);
    for (const writers of WRITERS) {
      found.add(ownName(writers), await phase(writers, own));
      found.add(plainName(writers), await phase(writers, other));
    }
    stage.progress.end();
  }
  await store.close();
  await plain.connection.destroy();
  const rows = WRITERS.flatMap((writers) =>
    [plainName(writers), ownName(writers)].map((name) => [
      name,
      spreadText(found.spread(name, 'perSecond'), 0),
      ratioText(found.against(plainName(writers), name, 'perSecond', 'ratio')),
      spreadText(found.spread(name, 'p99'), 1),
      spreadText(found.spread(name, 'loop'), 1),
    ]),
  );
  const head = ['writers', 'durable writes/s', 'of repository.save()', 'p99 ms', 'event-loop delay p99 ms'];
  const ratio = found.against(plainName(MOST_WRITERS), ownName(MOST_WRITERS), 'perSecond', 'ratio').median;
  const p99 = found.spread(ownName(MOST_WRITERS), 'p99').median;
  const loop = found.spread(ownName(MOST_WRITERS), 'loop').median;
  return {
    section: { title: `Durable writes of ${VALUE.length} bytes`, table: [head, ...rows], data: found },
    verdicts: [
      {
        met: ratio >= GOOD_RATIO,
        text: `memory, ${MOST_WRITERS} writers: ≥ ${GOOD_RATIO}× repository.save() (${ratio.toFixed(1)}×)`,
      },
      { met: p99 <= GOOD_P99_MS, text: `memory, ${MOST_WRITERS} writers: p99 ≤ ${GOOD_P99_MS} ms (${p99.toFixed(1)})` },
      {
        met: loop <= GOOD_LOOP_MS,
        text: `memory, ${MOST_WRITERS} writers: event-loop delay p99 ≤ ${GOOD_LOOP_MS} ms (${loop.toFixed(1)})`,
      },
    ],
  };
}

const ownName = (writers: number): string => `this node, ${writers}`;
const plainName = (writers: number): string => `repository.save(), ${writers}`;

/** Writers that each write again as soon as they are acknowledged. */
async function phase(writers: number, write: () => Promise<unknown>): Promise<Record<WriteMetric, number>> {
  const times: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begun = performance.now();
  const one = async (): Promise<void> => {
    for (let asked = performance.now(); asked < begun + PHASE_MS; asked = performance.now()) {
      await write();
      times.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: writers }, one));
  const seconds = (performance.now() - begun) / 1000;
  delay.disable();
  // The monitor counts its own interval of 1 ms.
  const loop = Math.max(0, delay.percentile(99) / 1e6 - 1);
  return { perSecond: times.length / seconds, p99: percentile(times, 0.99), loop };
}

async function reads(stage: Stage, directory: string): Promise<{ section: Section; verdicts: Verdict[] }> {
  const path = join(directory, 'large.db');
  stage.progress.start(`memory: filling ${ROWS} rows`);
  const plain = await openPlain(path);
  await fill(plain.connection, ROWS, () => undefined);
  await plain.connection.destroy();
  const store = await openStore(path);
  stage.progress.end();
  stage.progress.start('memory, reads');
  const { items } = store;
  const random = (): number => 1 + Math.floor(Math.random() * ROWS);
  const kinds: [string, number[]][] = [
    ['one item', await timed(READS, () => items.get({ namespace: '', key: keyOf(random()) }))],
    ['one that is not there', await timed(READS, () => items.get({ namespace: '', key: `none/${random()}` }))],
  ];
  for (const depth of DEPTHS)
    kinds.push([`page of ${PAGE} behind ${depth} rows`, await pages(items, '', ROWS - depth)]);
  kinds.push(['page of a common prefix', await pages(items, 'common/', ROWS / 2)]);
  kinds.push(['page of a rare prefix', await pages(items, 'rare/', ROWS / 2)]);
  stage.progress.end();
  await store.close();
  const ms = (times: readonly number[], share: number): number => percentile(times, share);
  const rows = kinds.map(([name, times]) => [name, ms(times, 0.5).toFixed(2), ms(times, 0.99).toFixed(2)]);
  const read = ms(kinds[0]?.[1] ?? [], 0.5);
  const depths = kinds.slice(2, 2 + DEPTHS.length).map(([, times]) => ms(times, 0.5));
  const ratio = Math.max(...depths) / (depths[0] ?? 0);
  return {
    section: {
      title: `Reads at ${ROWS} rows`,
      table: [['read', 'p50 ms', 'p99 ms'], ...rows],
      data: Object.fromEntries(kinds),
    },
    verdicts: [
      { met: read <= GOOD_READ_MS, text: `memory, read: p50 ≤ ${GOOD_READ_MS} ms (${read.toFixed(2)})` },
      {
        met: ratio <= GOOD_DEPTH_RATIO,
        text: `memory, pages: the deepest ≤ ${GOOD_DEPTH_RATIO}× the first (${ratio.toFixed(2)}×)`,
      },
    ],
  };
}

function pages(items: BuiltItems, prefix: string, before: number): Promise<number[]> {
  return timed(PAGES, () => items.list('', { limit: PAGE, prefix, before }));
}

async function timed(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times;
}
