// `npm start`: makes ready what is missing or stale, then serves in this very process,
// so that signals reach the node without a detour.
import { fileURLToPath } from 'node:url';
import { prepare } from './prepare.mjs';

await prepare(fileURLToPath(new URL('..', import.meta.url)));
await import('../dist/main.js');
