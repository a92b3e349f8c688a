/** What a database server can suffer from, or do to a node. */
export type ServerFaultKind =
  | 'broken'
  | 'unreachable'
  | 'untrusted'
  | 'refused'
  | 'no_database'
  | 'forbidden'
  | 'unprepared'
  | 'standby'
  | 'crowded'
  | 'exhausted'
  | 'server_full'
  | 'server_error'
  | 'server_damaged'
  | 'stopping'
  | 'slow'
  | 'unknown';

/** Codes of PostgreSQL (its appendix A), of the network and of TLS; a class of five-letter codes by its first two. */
const KIND_OF_CODE: Record<string, ServerFaultKind> = {
  '08': 'unreachable',
  '25006': 'standby',
  '25P02': 'broken',
  '25P03': 'slow',
  '28': 'refused',
  '3D': 'no_database',
  '3F': 'forbidden',
  '40001': 'slow',
  '40003': 'unknown',
  '40P01': 'slow',
  '42501': 'forbidden',
  '42703': 'unprepared',
  '42P01': 'unprepared',
  '53': 'exhausted',
  '53100': 'server_full',
  '53300': 'crowded',
  '55P03': 'slow',
  '57': 'stopping',
  '57014': 'slow',
  '57P04': 'no_database',
  '58': 'server_error',
  XX: 'server_error',
  XX001: 'server_damaged',
  XX002: 'server_damaged',
  ECONNREFUSED: 'unreachable',
  ECONNRESET: 'unreachable',
  ECONNABORTED: 'unreachable',
  EPIPE: 'unreachable',
  ETIMEDOUT: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EPROTO: 'untrusted',
  CERT_HAS_EXPIRED: 'untrusted',
  CERT_NOT_YET_VALID: 'untrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'untrusted',
};

/** What a code says of the server or the way to it; undefined when it says nothing of them, as of a bad statement. */
export function serverFaultKind(code: string): ServerFaultKind | undefined {
  return KIND_OF_CODE[code] ?? (/^[0-9A-Z]{5}$/.test(code) ? KIND_OF_CODE[code.slice(0, 2)] : undefined);
}
