import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, expectAll, fill, ITEMS, overwrite, repair, SESSION, TestFiles, value } from './test-repair.js';

let test: TestFiles;

beforeEach(() => {
  test = new TestFiles();
});

afterEach(() => test.over());

describe('what can still be read', () => {
  it('is taken from the damaged file where the journal is damaged too, and the rest is told', async () => {
    const first = await test.filledAndBackedUp(40);
    await fill(first, 40, 60);
    for (let n = 60; n < ITEMS; n++) await first.items.put(`k${n}`, value(n));
    await first.store.close();
    for (const segment of test.files('l104-redo')) overwrite(segment, 0, Math.floor(statSync(segment).size * 0.9));
    // Of the pages with the newest rows some are bad.
    for (let at = 20 * 4096; at < statSync(test.path).size; at += 9 * 4096) overwrite(test.path, at, 4096);
    const again = test.start();
    await again.store.open();
    const report = repair(again)!;
    expect(report.cause).toBe('corrupt');
    expect(report.salvaged['memory_item']).toBeGreaterThan(20);
    expect(report.lost).not.toBeNull();
    const found = await again.items.list({ limit: 1000, prefix: '' });
    const wrong = found.items.filter((item) => item.value !== value(Number(item.key.slice(1))));
    expect(wrong).toEqual([]);
    for (let n = 1; n < 40; n++) expect(found.items.map(({ key }) => key)).toContain(`k${n}`);
    expect(found.items.length).toBeGreaterThan(80);
    expect(await again.metrics()).toContain('l104_memory_repairs_total{result="lost"} 1\n');
    // New numbers are not those of what is gone.
    await again.items.put('new', 'v');
    expect((await again.items.list({ limit: 1, prefix: '' })).items).toMatchObject([{ key: 'new' }]);
  });

  it('is taken from bad backups where nothing else is left', async () => {
    const first = await test.filledAndBackedUp(ITEMS);
    await first.store.close();
    rmSync(join(test.directory, 'l104-redo'), { recursive: true });
    rmSync(test.path);
    overwrite(test.files('l104-backups')[0]!, 20 * 4096, 4096);
    const again = test.start();
    await again.store.open();
    expect(repair(again)).toMatchObject({ backup: null, lost: { from: 1, to: null } });
    expect(repair(again)!.salvaged['memory_item']).toBeGreaterThan(60);
    expect(await again.conversations.history(SESSION)).toHaveLength(1);
  });

  it('does not hold a row whose content is not what was stored', async () => {
    const first = test.start({ MEMORY_CHECK_AT_START_BYTES: '0B', MEMORY_BACKUP_INTERVAL: '1h' });
    await fill(first);
    await first.store.close();
    const bytes = readFileSync(test.path);
    const place = bytes.indexOf('value 77 ');
    bytes.write('VALUE', place);
    writeFileSync(test.path, bytes);
    const again = test.start({ MEMORY_CHECK_AT_START_BYTES: '0B' });
    await again.store.open();
    await expect(again.items.get('k77')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await eventually(() => {
      expect(again.store.status()).toMatchObject({ state: 'ready', lastRepair: { cause: 'corrupt', lost: null } });
    });
    await expectAll(again);
  });
});
