import { errorInfo, RpcError } from './rpc-error.js';

const BAD_KEY = 'API key not valid. Please pass a valid API key.';
const NO_KEY =
  "Method doesn't allow unregistered callers (callers without established identity). " +
  'Please use API Key or other form of API consumer identity to call this API.';

/**
 * Refuses a request as Google would: without a key (when one is required), with a key that begins `invalid`, or with
 * one that begins `leaked`. Every other key is good.
 */
export function checkKey(key: string | undefined, required: boolean): void {
  if (key === undefined) {
    if (required) throw new RpcError('PERMISSION_DENIED', NO_KEY);
    return;
  }
  if (key.startsWith('invalid')) {
    const localized = { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message: BAD_KEY };
    throw new RpcError('INVALID_ARGUMENT', BAD_KEY, [errorInfo('API_KEY_INVALID'), localized]);
  }
  if (key.startsWith('leaked')) {
    throw new RpcError('PERMISSION_DENIED', 'Your API key was reported as leaked. Please use another API key.');
  }
}
