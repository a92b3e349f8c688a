import { type EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type Socket } from 'node:net';
import { type TlsOptions } from 'node:tls';
import { type DataSourceOptions } from 'typeorm';
import { type PostgresAddress } from '../domain/database-address.js';
import { ENTITIES } from '../entities/entities.js';
import { MIGRATIONS } from '../migrations/migrations.js';

/** Which server, and how long and with how many connections the node works with it. */
export interface PostgresOptions {
  readonly address: PostgresAddress;
  /** Longest a group of writes or a read may take, connecting included, ms. */
  readonly timeoutMs: number;
  /** Connections for reads. */
  readonly readers: number;
}

/** The writer, and one with which the store is opened anew while reads go on. */
const OTHER_CONNECTIONS = 2;

/** A dead peer is noticed by the system also while nothing is asked of it, ms. */
const KEEP_ALIVE_AFTER_MS = 10_000;

/** What TypeORM is told; every connection goes over a socket of `openSocket`. Rejects when a certificate cannot be read. */
export async function dataSourceOptions(
  { address, timeoutMs, readers }: PostgresOptions,
  openSocket: () => Socket,
): Promise<DataSourceOptions> {
  const { host, port, database, user, password } = address;
  return {
    type: 'postgres',
    host,
    port,
    database,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ssl: await tlsOptions(address),
    applicationName: 'l104-node',
    poolSize: readers + OTHER_CONNECTIONS,
    connectTimeoutMS: timeoutMs,
    // A connection that breaks while nobody uses it is simply not used again.
    poolErrorHandler: () => undefined,
    installExtensions: false,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'l104_migration',
    synchronize: false,
    logging: false,
    extra: {
      stream: openSocket,
      // The driver tells of one end more than once, and an event that nobody hears would end the process.
      onConnect: (client: EventEmitter) => {
        client.on('error', () => undefined);
      },
      // The server gives up before the node does: then its answer says why, and the connection stays good.
      statement_timeout: Math.ceil(timeoutMs * 0.75),
      lock_timeout: Math.ceil(timeoutMs * 0.75),
      // Less still, so that a node which stands still in a transaction does not make others give up.
      idle_in_transaction_session_timeout: Math.ceil(timeoutMs * 0.5),
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    },
  };
}

async function tlsOptions({
  tls,
  rootCertificate,
  certificate,
  certificateKey,
}: PostgresAddress): Promise<false | TlsOptions> {
  if (tls === 'disable') return false;
  return {
    rejectUnauthorized: tls !== 'require',
    // The chain only: who the server says it is does not matter.
    ...(tls === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
    ...(rootCertificate === undefined ? {} : { ca: await readFile(rootCertificate) }),
    ...(certificate === undefined ? {} : { cert: await readFile(certificate) }),
    ...(certificateKey === undefined ? {} : { key: await readFile(certificateKey) }),
  };
}
