import { type PostgresAddress, type TlsMode } from './database-address.js';

const DEFAULT_PORT = 5432;
const PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'host'] as const;

/**
 * Reads a connection URI as libpq does, as far as its parameters are known here. Problems quote nothing of it but
 * names of parameters: the rest may be a password.
 */
export function readPostgresUrl(text: string): PostgresAddress | { readonly problem: string } {
  // As libpq, and unlike the URL standard: a user without a host.
  const whole = text.replace(/^([a-z]+:\/\/[^/?#]*@)(?=[/?])/i, '$1localhost');
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined)
    return { problem: 'is no address: percent-encode what is special in the user and the password' };
  const unknown = [...url.searchParams.keys()].find((name) => !(PARAMETERS as readonly string[]).includes(name));
  if (unknown !== undefined)
    return { problem: `has the parameter ${unknown.slice(0, 40)}; known are ${PARAMETERS.join(', ')}` };
  const [database, user, password, hostname] = [
    url.pathname.replace(/^\//, ''),
    url.username,
    url.password,
    url.hostname.replace(/^\[(.*)\]$/, '$1'),
  ].map(decoded);
  if (database === undefined || user === undefined || password === undefined || hostname === undefined)
    return { problem: 'is not percent-encoded UTF-8' };
  if (database === '') return { problem: 'names no database' };
  const host = url.searchParams.get('host') ?? hostname;
  if (host.includes(',')) return { problem: 'names more than one server' };
  const tls = tlsMode(url.searchParams);
  if (typeof tls === 'object') return tls;
  return {
    kind: 'postgres',
    host: host === '' ? 'localhost' : host,
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database,
    user: user === '' ? undefined : user,
    password: password === '' ? undefined : password,
    tls,
    rootCertificate: url.searchParams.get('sslrootcert') ?? undefined,
    certificate: url.searchParams.get('sslcert') ?? undefined,
    certificateKey: url.searchParams.get('sslkey') ?? undefined,
  };
}

function tlsMode(parameters: URLSearchParams): TlsMode | { readonly problem: string } {
  const trusted = parameters.has('sslrootcert');
  const mode = parameters.get('sslmode') ?? (trusted ? 'verify-full' : 'disable');
  switch (mode) {
    case 'require':
      // As libpq: whoever says whom to trust wants it looked at.
      return trusted ? 'verify-ca' : 'require';
    case 'disable':
    case 'verify-ca':
    case 'verify-full':
      return mode;
    case 'allow':
    case 'prefer':
      return { problem: `has sslmode=${mode}, which goes on in the clear unseen; use disable, require or verify-full` };
    default:
      return { problem: 'has an sslmode that is none of disable, require, verify-ca, verify-full' };
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
