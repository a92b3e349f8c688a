/** What went wrong on a connection to the upstream; a label of metrics. */
export type ConnectionFault = 'connect' | 'reset' | 'timeout' | 'dns' | 'tls' | 'protocol';

/** What is held against the connections of the pool: their errors, and silence where an answer was due. */
export type PoolFault = ConnectionFault | 'silent';

const FAULT_OF_CODE: Readonly<Record<string, ConnectionFault>> = {
  ECONNREFUSED: 'connect',
  EHOSTUNREACH: 'connect',
  ENETUNREACH: 'connect',
  EADDRNOTAVAIL: 'connect',
  EHOSTDOWN: 'connect',
  ENETDOWN: 'connect',
  EMFILE: 'connect',
  ENFILE: 'connect',
  // Told only of a proxy that would not open the way: what the node itself aborts hears of nothing.
  UND_ERR_ABORTED: 'connect',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  ECONNABORTED: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ENETRESET: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_CLOSED: 'reset',
  UND_ERR_DESTROYED: 'reset',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'protocol',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  UND_ERR_PRX_TLS: 'tls',
};

/** The HTTP client gives bytes that are no HTTP this name, and not always a code. */
const PARSER_ERROR = 'HTTPParserError';

/** Classifies an error of the HTTP client by its code; undefined when it is no connection error. */
export function connectionFault(error: unknown): ConnectionFault | undefined {
  if (error instanceof Error && error.name === PARSER_ERROR) return 'protocol';
  const code = codeOf(error);
  if (code === undefined) return undefined;
  if (Object.hasOwn(FAULT_OF_CODE, code)) return FAULT_OF_CODE[code];
  if (code.startsWith('HPE_')) return 'protocol';
  if (/^ERR_(TLS|SSL)|CERT|^UNABLE_TO_|SELF_SIGNED|^EPROTO$/.test(code)) return 'tls';
  return undefined;
}

/** The code of an error, or of its cause: several addresses tried make an AggregateError of one code each. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return cause === error ? undefined : codeOf(cause);
}
