import { describe } from 'vitest';
import { testedKinds, useDatabase } from '../src/memory/test-databases.js';

// What the node does with its memory must not depend on where it is kept.
describe.skipIf(!testedKinds('the node with its memory on a server').includes('PostgreSQL'))('on PostgreSQL', () => {
  useDatabase('PostgreSQL');
  for (const file of [
    './memory-http.e2e.js',
    './memory-conditions.e2e.js',
    './sessions.e2e.js',
    './state.e2e.js',
    './journal.e2e.js',
  ]) {
    describe(file, async () => {
      await import(file);
    });
  }
});
