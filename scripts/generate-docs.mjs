// Writes docs/configuration.md, docs/errors.md and docs/runbooks.md from the tables in the code; with --check it
// only says whether they are up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepare } from './prepare.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
await prepare(root, { ...process.env, NODE_ENV: 'development' });
const { configurationPage, errorsPage, runbooksPage } = await import('../dist/reference-pages.js');
const check = process.argv.includes('--check');
let stale = 0;
for (const [name, text] of [
  ['configuration.md', configurationPage()],
  ['errors.md', errorsPage()],
  ['runbooks.md', runbooksPage()],
]) {
  const path = new URL(`../docs/${name}`, import.meta.url);
  if (current(path) === text) continue;
  stale++;
  if (check) process.stderr.write(`docs/${name} is not up to date; run: npm run docs\n`);
  else writeFileSync(path, text);
}
process.exit(check && stale > 0 ? 1 : 0);

function current(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
