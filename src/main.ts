import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { HELP, readArguments, versionText } from './cli.js';
import { type Configuration } from './configuration.js';
import { EXIT } from './platform/exit-codes.js';
import { randomHex } from './platform/identifiers.js';

/** The project's folder: env files are found there, from wherever the node is started. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

async function main(): Promise<void> {
  const request = readArguments(process.argv.slice(2));
  if (request === undefined) {
    process.stderr.write(`unknown arguments: ${process.argv.slice(2).join(' ').slice(0, 200)}; try --help\n`);
    process.exit(EXIT.usage);
  }
  if (request.command === 'help' || request.command === 'version') {
    process.stdout.write(request.command === 'help' ? HELP : versionText(request.json));
    return;
  }
  if (request.command === 'database') {
    const { databaseCommand } = await import('./cli-database.js');
    process.exit(await databaseCommand(process.argv.slice(2), ROOT));
  }
  // Loaded only now: the settings bring the whole node with them.
  const { configure } = await import('./configuration.js');
  const { printed, problemLines } = await import('./cli-configuration.js');
  const configuration = configure(ROOT, process.env);
  if (request.command !== 'serve' && request.command !== 'supervised') {
    const { text, code } = printed(request.command, request.json, configuration);
    process.stdout.write(text);
    process.exitCode = code;
    return;
  }
  if (configuration.problems.length > 0) {
    process.stderr.write(`${problemLines(configuration.problems).join('\n')}\n`);
    process.exit(EXIT.config);
  }
  const access = withAdminToken(configuration);
  if (request.command === 'supervised') {
    const { superviseNode } = await import('./supervise-node.js');
    superviseNode(configuration, fileURLToPath(import.meta.url), access.madeToken);
    return;
  }
  const { serve } = await import('./serve.js');
  await serve(access.configuration, access.adminAccess);
}

interface Access {
  readonly configuration: Configuration;
  readonly adminAccess: string;
  /** The token that was made for lack of one. */
  readonly madeToken?: string;
}

/** Reachable from elsewhere and without a token, the node makes one and shows it once. */
function withAdminToken(configuration: Configuration): Access {
  const { platform, values } = configuration;
  if (platform.adminToken !== '') return { configuration, adminAccess: 'with ADMIN_TOKEN' };
  if (/^(127\.|localhost$|::1$)/.test(platform.host)) return { configuration, adminAccess: 'from this machine' };
  const adminToken = randomHex(24);
  process.stderr.write(`ADMIN_TOKEN is not set; this life of the node takes: ${adminToken}\n`);
  return {
    configuration: { ...configuration, values: { ...values, platform: { ...platform, adminToken } } },
    adminAccess: 'with the token shown above',
    madeToken: adminToken,
  };
}

await main();
