import { describe, expect, it } from 'vitest';
import { validateEnvironment } from '../platform/validate-environment.js';
import { memorySettings } from './memory.settings.js';

describe('memory settings', () => {
  it('have defaults that need no environment', () => {
    const { values, problems } = validateEnvironment([memorySettings], {});
    expect(problems).toEqual([]);
    expect(values['memory']).toMatchObject({
      databasePath: './data/l104.db',
      required: true,
      busyTimeoutMs: 5000,
      keyLimit: 255,
      valueLimit: 100_000,
    });
  });

  it('refuse a server without showing its password', () => {
    const { problems } = validateEnvironment([memorySettings], { DATABASE_URL: 'postgres://user:hunter2@host/db' });
    expect(problems).toEqual([
      expect.stringMatching(/^DATABASE_URL=\(secret\) names a PostgreSQL server.*SQLite.*file:\.\/data\/l104\.db$/),
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });
});
