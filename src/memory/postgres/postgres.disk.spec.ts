import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mountSmallDisk, type SmallDisk } from '../sqlite/test-disk.js';
import { Patients, refusal, state } from './test-patients.js';
import { hasPostgres, TestServer } from './test-server.js';

const patients = new Patients();
const present = hasPostgres('a server whose disk is full');
let disk: SmallDisk | undefined;
let server: TestServer | undefined;

beforeAll(async () => {
  if (present) disk = mountSmallDisk(160 * 1024);
  if (disk !== undefined) server = await TestServer.start(['min_wal_size=32MB', 'max_wal_size=32MB'], disk.path);
});

afterEach(() => patients.leave());

afterAll(async () => {
  await server?.remove();
  disk?.unmount();
});

describe('a server whose disk is full', () => {
  it('turns writes into 503 that say so while reads go on, and takes them when there is room', async () => {
    if (server === undefined || disk === undefined) return;
    const { store, items } = patients.start(await server.newDatabase());
    await items.put('a', '1');
    const free = disk.fill();
    // Noise, which the server cannot compress: what is small finds room in pages that are there already.
    const large = (): string =>
      Array.from({ length: 5000 }, () => Math.random().toString(36))
        .join('')
        .slice(0, 50_000);
    const acknowledged: string[] = [];
    let refused: string | undefined;
    for (let n = 0; refused === undefined && n < 200; n++) {
      const put = items.put(`k${n}`, large()).then(() => acknowledged.push(`k${n}`));
      await put.catch(async () => (refused = await refusal(put)));
    }
    expect(refused).toContain('the disk of the database server is full');
    expect(await items.get('a')).toMatchObject({ value: '1' });
    free();
    await state(store, 'ready');
    await items.put('b', large());
    const { items: found } = await items.list({ limit: 1000, prefix: '' });
    expect(found.map(({ key }) => key).sort()).toEqual(['a', 'b', ...acknowledged].sort());
  });
});
