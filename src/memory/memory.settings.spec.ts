import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateEnvironment } from '../platform/validate-environment.js';
import { memorySettings } from './memory.settings.js';

describe('memory settings', () => {
  it('have defaults that need no environment', () => {
    const { values, problems } = validateEnvironment([memorySettings], {});
    expect(problems).toEqual([]);
    expect(values['memory']).toMatchObject({
      database: { kind: 'sqlite', path: './data/l104.db' },
      required: true,
      busyTimeoutMs: 5000,
      keyLimit: 255,
      valueLimit: 100_000,
    });
  });

  it('refuse the address of a server without showing its password', () => {
    const { problems } = validateEnvironment([memorySettings], {
      DATABASE_URL: 'postgres://user:hunter2@host/db?sslmode=prefer',
    });
    expect(problems).toEqual([
      expect.stringMatching(/^DATABASE_URL=\(secret\) has sslmode=prefer.*file:\.\/data\/l104\.db$/),
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('take the address of a server from a file', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'settings-')), 'url');
    writeFileSync(path, 'postgres://user:hunter2@host/db\n');
    const { values } = validateEnvironment([memorySettings], { DATABASE_URL_FILE: path });
    expect(values['memory']).toMatchObject({ database: { password: 'hunter2', database: 'db' } });
  });
});
