/** A database file. */
export interface SqliteAddress {
  readonly kind: 'sqlite';
  /** As it was written: relative to the working directory, or from the root. */
  readonly path: string;
}

/** How far the connection to a server is kept from others, in the words of libpq. */
export type TlsMode = 'disable' | 'require' | 'verify-ca' | 'verify-full';

/** A database on a PostgreSQL server. */
export interface PostgresAddress {
  readonly kind: 'postgres';
  /** Name or address of the server, or the directory of its socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Undefined where the server knows the node otherwise, as by its user of the system. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly tls: TlsMode;
  /** Paths of files in PEM: whom to trust, and what the node shows of itself. */
  readonly rootCertificate: string | undefined;
  readonly certificate: string | undefined;
  readonly certificateKey: string | undefined;
}

/** Where the data lives. */
export type DatabaseAddress = SqliteAddress | PostgresAddress;

/** What of an address is shown: the name of the file, or host and database. Nothing in it is secret. */
export function shownAddress(address: DatabaseAddress): string {
  if (address.kind === 'postgres') return `${address.host}/${address.database}`;
  return address.path.slice(address.path.lastIndexOf('/') + 1);
}
