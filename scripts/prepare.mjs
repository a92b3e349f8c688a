// Installs what is missing and builds what is stale. Plain JavaScript without
// dependencies: it runs before there are any.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NODE_FLOOR = [20, 19];
/** A step that prints nothing for so long is reported as still running, ms. */
const SILENCE_MS = 8000;

/** Makes the project in `root` ready to run; in production it installs and builds nothing. */
export async function prepare(root, environment = process.env) {
  checkNode();
  const production = environment.NODE_ENV === 'production';
  if (stale(root, 'node_modules/.l104-installed', installInputs(root))) {
    if (production)
      stop(
        'Packages are not installed as package-lock.json says, and with NODE_ENV=production nothing is installed. Run: npm ci',
      );
    await step('installing packages', root, 'npm', [
      'ci',
      '--include=dev',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
    stamp(root, 'node_modules/.l104-installed', installInputs(root));
  }
  if (stale(root, 'dist/.l104-built', buildInputs(root))) {
    if (production)
      stop('dist/ is older than the sources, and with NODE_ENV=production nothing is built. Run: npm run build');
    await build(root);
  }
}

/** Compiles src/ into dist/. */
export async function build(root) {
  await step('building', root, process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    '-p',
    'tsconfig.build.json',
  ]);
  stamp(root, 'dist/.l104-built', buildInputs(root));
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1])) return;
  stop(`Node.js ${process.versions.node} is too old: this needs ${NODE_FLOOR.join('.')} or newer.`);
}

function installInputs(root) {
  // Compiled packages belong to one version of Node and one platform.
  const runtime = [process.versions.modules, process.platform, process.arch].join(' ');
  return digest([runtime, readFileSync(join(root, 'package-lock.json'))]);
}

function buildInputs(root) {
  const files = [...sources(join(root, 'src')), join(root, 'tsconfig.json'), join(root, 'tsconfig.build.json')];
  return digest(files.flatMap((file) => [file.slice(root.length), readFileSync(file)]));
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)]));
}

function digest(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

function stale(root, mark, inputs) {
  const path = join(root, mark);
  return !existsSync(path) || readFileSync(path, 'utf8') !== inputs;
}

function stamp(root, mark, inputs) {
  const path = join(root, mark);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, inputs);
}

/** Runs one step, shows how long it takes, and stops with its output when it fails. */
async function step(title, root, command, args) {
  const started = performance.now();
  const elapsed = () => `${Math.round((performance.now() - started) / 1000)} s`;
  process.stderr.write(`${title} …\n`);
  const timer = setInterval(() => process.stderr.write(`${title}, ${elapsed()} …\n`), SILENCE_MS);
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  if (code === 0) {
    process.stderr.write(`${title}: done in ${elapsed()}\n`);
    return;
  }
  process.stderr.write(Buffer.concat(output));
  stop(`${title} failed (exit code ${code})`);
}

function stop(text) {
  process.stderr.write(`${text}\n`);
  process.exit(78);
}
