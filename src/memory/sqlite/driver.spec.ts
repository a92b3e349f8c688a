import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueryFailedError } from 'typeorm';
import { expect, it } from 'vitest';
import { openWriter } from './sqlite-connection.js';

it('tells nothing of the values of a statement that failed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'driver-'));
  const writer = await openWriter({ path: join(directory, 'l104.db'), busyTimeoutMs: 100 });
  try {
    const failed: unknown = await writer.query('SELECT json(?)', ['what was said']).catch((error: unknown) => error);
    if (!(failed instanceof QueryFailedError)) throw new Error('it did not fail');
    expect(failed.driverError).toMatchObject({ code: 'SQLITE_ERROR' });
    const { stack } = failed.driverError as Error;
    expect(String(stack) + String(failed.stack)).not.toContain('what was said');
  } finally {
    await writer.destroy();
    rmSync(directory, { recursive: true });
  }
});
