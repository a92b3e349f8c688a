import { describe, expect, it } from 'vitest';
import { connectionFault } from './connection-error.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

describe('connectionFault', () => {
  it.each([
    ['ECONNREFUSED', 'connect'],
    ['ECONNRESET', 'reset'],
    ['UND_ERR_SOCKET', 'reset'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['ENOTFOUND', 'dns'],
    ['HPE_INVALID_CONSTANT', 'protocol'],
    ['UND_ERR_ABORTED', 'connect'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ])('%s is %s', (code, fault) => {
    expect(connectionFault(withCode(code))).toBe(fault);
  });

  it('knows bytes that are no HTTP without a code', () => {
    expect(connectionFault(Object.assign(new Error('x'), { name: 'HTTPParserError', code: undefined }))).toBe(
      'protocol',
    );
  });

  it('looks into causes and into the errors of several addresses', () => {
    expect(connectionFault(new Error('outer', { cause: withCode('ECONNRESET') }))).toBe('reset');
    expect(connectionFault(new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')]))).toBe('connect');
  });

  it('says nothing of errors that are not of a connection', () => {
    expect(connectionFault(new TypeError('bug'))).toBeUndefined();
    expect(connectionFault(withCode('toString'))).toBeUndefined();
    expect(connectionFault('text')).toBeUndefined();
  });
});
