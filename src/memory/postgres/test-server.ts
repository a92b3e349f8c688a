import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';

const PASSWORD = 'not-to-be-shown';

/** Whoever watches over a server ends it when the process with the given number is gone. */
const WATCHED = `"$@" & server=$!
while kill -0 $server 2>/dev/null && [ -d /proc/$WATCHED_PROCESS ]; do sleep 0.5; done
kill -QUIT $server 2>/dev/null; wait $server
[ -d /proc/$WATCHED_PROCESS ] || rm -rf "$WATCHED_DIRECTORY"`;

/**
 * Whether PostgreSQL is on this machine. Without it the tests of `needed` are skipped, which is said on one line;
 * where `L104_REQUIRE_TOOLS` is set its absence is an error.
 */
export function hasPostgres(needed: string): boolean {
  if (programs() !== undefined) return true;
  if (process.env['L104_REQUIRE_TOOLS'] === 'true') throw new Error(`postgresql is not installed: ${needed}`);
  process.stdout.write(`skipped, since postgresql is not installed: ${needed}\n`);
  return false;
}

/** A PostgreSQL server of a test's own, with its data in a temporary directory. */
export class TestServer {
  private constructor(
    private readonly directory: string,
    private readonly port: number,
    private readonly watched: number,
  ) {}

  /** Starts a server that ends with this process at the latest; its data is in a directory made in `parent`. */
  static async start(settings: readonly string[] = [], parent = tmpdir()): Promise<TestServer> {
    const directory = mkdtempSync(join(parent, 'l104-postgres-'));
    return await TestServer.#make(directory, process.pid, settings);
  }

  /** The server that all files of a test run share; the first to ask starts it, and it ends with the run. */
  static async shared(): Promise<TestServer> {
    const directory = join(tmpdir(), `l104-postgres-of-${process.ppid}`);
    const ready = join(directory, 'ready');
    try {
      mkdirSync(directory, { mode: 0o700 });
    } catch {
      while (!existsSync(ready)) await pause(50);
      return new TestServer(directory, Number(readFileSync(ready, 'utf8')), process.ppid);
    }
    const server = await TestServer.#make(directory, process.ppid, []);
    writeFileSync(ready, String(server.port));
    return server;
  }

  static async #make(directory: string, watched: number, settings: readonly string[]): Promise<TestServer> {
    const server = new TestServer(directory, await freePort(), watched);
    const secret = join(directory, 'password');
    writeFileSync(secret, PASSWORD);
    for (const path of [directory, secret]) chownSync(path, account().uid, account().gid);
    // A language of its own sorts names otherwise than by their bytes.
    const language = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
    const access = ['--auth=scram-sha-256', '--username=l104', `--pwfile=${secret}`];
    const data = ['-D', join(directory, 'data'), '--no-sync'];
    execFileSync(join(programs() ?? '', 'initdb'), [...data, ...language, ...access], {
      ...account(),
      stdio: 'ignore',
    });
    await server.begin(settings);
    return server;
  }

  /** Address of a database on this server. */
  url(database: string, { user = 'l104', password = PASSWORD, parameters = '' } = {}): string {
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${database}${parameters}`;
  }

  /** The address of a new, empty database. */
  async newDatabase(): Promise<string> {
    const name = `test_${randomBytes(6).toString('hex')}`;
    await this.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    return this.url(name);
  }

  /** Runs a statement as the server's administrator. */
  async query<T>(statement: string, database = 'postgres'): Promise<T[]> {
    const options = { type: 'postgres', url: this.url(database), installExtensions: false } as const;
    const source = await new DataSource(options).initialize();
    try {
      return await source.query<T[]>(statement);
    } finally {
      await source.destroy();
    }
  }

  /** A certificate that nobody vouches for, of another host, and the settings that make the server show it. */
  makeCertificate(): { readonly certificate: string; readonly settings: string[] } {
    const [certificate, key] = [join(this.directory, 'server.crt'), join(this.directory, 'server.key')];
    const subject = ['-subj', '/CN=elsewhere.invalid', '-days', '2'];
    const files = ['-keyout', key, '-out', certificate];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...files], {
      ...account(),
      stdio: 'ignore',
    });
    return { certificate, settings: ['ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`] };
  }

  /** Starts the server that was ended. */
  async begin(settings: readonly string[] = []): Promise<void> {
    const { directory, port, watched } = this;
    const all = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${directory}`, ...settings];
    const server = [
      join(programs() ?? '', 'postgres'),
      '-D',
      join(directory, 'data'),
      ...all.flatMap((one) => ['-c', one]),
    ];
    const env = { ...process.env, WATCHED_PROCESS: String(watched), WATCHED_DIRECTORY: directory };
    spawn('sh', ['-c', WATCHED, 'sh', ...server], { ...account(), env, detached: true, stdio: 'ignore' }).unref();
    for (let waited = 0; !this.#status().includes('ready'); waited += 20) {
      if (waited > 30_000) throw new Error('the PostgreSQL server of the test does not start');
      await pause(20);
    }
  }

  /** Ends the server, by a signal that lets it tell its clients (INT) or not (QUIT). */
  async end(signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
    process.kill(this.#process(), signal);
    while (this.#status() !== '') await pause(20);
  }

  /** Ends the server and removes its data. */
  async remove(): Promise<void> {
    if (this.#status() !== '') await this.end('SIGQUIT');
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Makes every process of the server stand still, or go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    const first = this.#process();
    const parentOf = (id: string): number | undefined => {
      try {
        return Number(/^\d+ \(.*\) \S (\d+)/.exec(readFileSync(`/proc/${id}/stat`, 'utf8'))?.[1]);
      } catch {
        return undefined;
      }
    };
    const others = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === first);
    for (const id of [first, ...others.map(Number)]) process.kill(id, signal);
  }

  #process(): number {
    return Number(this.#status().split('\n')[0]);
  }

  /** What the server writes of itself: its process first, its state last; empty when it does not run. */
  #status(): string {
    try {
      return readFileSync(join(this.directory, 'data', 'postmaster.pid'), 'utf8');
    } catch {
      return '';
    }
  }
}

/** The directory of the server's programs; distributions keep them out of the path. */
function programs(): string | undefined {
  const packaged = '/usr/lib/postgresql';
  const versions = existsSync(packaged) ? readdirSync(packaged).sort((a, b) => Number(b) - Number(a)) : [];
  const places = versions.map((version) => join(packaged, version, 'bin'));
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return [...places, ...path].find((place) => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')));
}

/** Whose the server is: it refuses to be root's. */
function account(): { readonly uid: number; readonly gid: number } {
  const { getuid, getgid } = process as Required<Pick<NodeJS.Process, 'getuid' | 'getgid'>>;
  if (getuid() !== 0) return { uid: getuid(), gid: getgid() };
  const [, , uid, gid] = /^(?:postgres):([^:]*):(\d+):(\d+)/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
