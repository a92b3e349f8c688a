import { describe, expect, it } from 'vitest';
import { readUpstreamError, rpcStatusOf, type UpstreamError } from '../upstream-error.js';
import { attemptVerdict } from './attempt-verdict.js';
import { type AttemptVerdict } from './verdict.js';

const context = { wall: Date.UTC(2026, 0, 15, 12), waitLimitMs: 10_000 };

function errorOf(status: number, message = 'x', details: object[] = []): UpstreamError {
  return readUpstreamError({ error: { code: status, message, status: rpcStatusOf(status), details } }) as UpstreamError;
}

function judge(status: number, message?: string, details?: object[]): AttemptVerdict {
  return attemptVerdict({ kind: 'error', error: errorOf(status, message, details) }, context);
}

const never = { retry: 'never', others: 'none', circuit: 'ignore' };

describe('status', () => {
  it('retries what passes, as often as it is worth', () => {
    expect(judge(408)).toMatchObject({ retry: 'same', circuit: 'ignore', max: 3 });
    expect(judge(499)).toMatchObject({ retry: 'same', circuit: 'ignore', max: 2 });
    expect(judge(500)).toMatchObject({ retry: 'same', circuit: 'failure', max: 3 });
    expect(judge(502)).toMatchObject({ retry: 'same', circuit: 'failure' });
    expect(judge(503)).toMatchObject({ retry: 'same', others: 'any', circuit: 'failure' });
    expect(judge(504)).toMatchObject({ retry: 'same', circuit: 'failure', max: 2 });
    expect(judge(529)).toMatchObject({ retry: 'same', circuit: 'failure', max: 2 });
  });

  it('never retries what the request is to blame for', () => {
    for (const status of [400, 402, 404, 405, 409, 412, 413, 415, 416, 422, 451, 501]) {
      expect(judge(status)).toMatchObject({ cause: 'client_error', ...never });
    }
    expect(judge(400, 'User location is not supported for the API use.')).toMatchObject(never);
  });

  it('obeys the wait the server asks for, within the limit', () => {
    const wait = [{ retryDelay: '4s' }];
    expect(judge(503, 'overloaded', wait)).toMatchObject({ retry: 'same', waitMs: 4_000 });
    const error = errorOf(503, 'overloaded', wait);
    expect(attemptVerdict({ kind: 'error', error }, { ...context, headerMs: 60_000 })).toMatchObject({
      retry: 'elsewhere',
      waitMs: 60_000,
    });
  });
});

describe('429', () => {
  it('waits when it is short, goes elsewhere when it is long, and never trips the circuit', () => {
    expect(judge(429, 'x', [{ retryDelay: '2s' }])).toMatchObject({ retry: 'same', waitMs: 2_000, circuit: 'ignore' });
    const longer = judge(429, 'x', [{ retryDelay: '34s' }]);
    expect(longer).toMatchObject({ retry: 'elsewhere', waitMs: 34_000, circuit: 'ignore', quota: { restMs: 34_000 } });
    const bare = judge(429);
    expect(bare).toMatchObject({ cause: 'quota', retry: 'same', circuit: 'ignore', quota: { kind: 'unknown' } });
    expect(bare).not.toHaveProperty('waitMs');
  });

  it('leaves a used-up day at once, even within the limit on waiting', () => {
    const day = [{ violations: [{ quotaId: 'RequestsPerDay' }] }];
    const error = errorOf(429, 'x', day);
    expect(attemptVerdict({ kind: 'error', error }, { ...context, waitLimitMs: 1e9 })).toMatchObject({
      retry: 'elsewhere',
      quota: { kind: 'per_day' },
    });
  });

  it('takes full servers for a 503', () => {
    expect(judge(429, 'x', [{ reason: 'MODEL_CAPACITY_EXHAUSTED' }])).toMatchObject({
      cause: 'capacity',
      retry: 'same',
      circuit: 'failure',
    });
  });
});

describe('keys', () => {
  it('goes to another key with a key that is bad, and says why', () => {
    const other = { cause: 'key', retry: 'elsewhere', others: 'keys', circuit: 'ignore' };
    const invalid = [{ reason: 'API_KEY_INVALID' }];
    expect(judge(400, 'API key not valid.', invalid)).toMatchObject({ ...other, keyFault: 'API_KEY_INVALID' });
    expect(judge(400, 'Please pass a valid API key.')).toMatchObject({ ...other, keyFault: 'API_KEY_INVALID' });
    expect(judge(400, 'API key expired. Please renew the API key.')).toMatchObject({ keyFault: 'API_KEY_EXPIRED' });
    const leaked = 'Your API key was reported as leaked. Please use another API key.';
    expect(judge(403, leaked)).toMatchObject({ ...other, keyFault: 'API_KEY_LEAKED' });
    expect(judge(403, 'x', [{ reason: 'SERVICE_DISABLED' }])).toMatchObject({ keyFault: 'SERVICE_DISABLED' });
    expect(judge(401)).toMatchObject({ ...other, keyFault: 'UNAUTHENTICATED' });
  });

  it('goes to another key with what this one may not see, which is no fault of the key', () => {
    const verdict = judge(403, 'You do not have permission to access the File abc or it may not exist.');
    expect(verdict).toMatchObject({ cause: 'key', retry: 'elsewhere', others: 'keys' });
    expect(verdict).not.toHaveProperty('keyFault');
  });
});

describe('too long', () => {
  it.each([
    'Unable to submit request because the input token count is 40000 but model only supports up to 32768.',
    'The input token count exceeds the maximum number of tokens allowed (1048576).',
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    'Your input exceeds the context window of this model.',
    'The prompt is too long: 210000 tokens > 200000 maximum',
    'Input context is too long.',
    'Request contains too many tokens.',
    'Context window exceeded.',
  ])('knows a request that is too long by its words: %s', (message) => {
    expect(judge(400, message)).toMatchObject({
      cause: 'too_long',
      others: 'larger',
    });
  });

  it.each([
    'max_output_tokens must be at most 65536.',
    'The thinking budget 50000 is invalid. Please choose a value between 512 and 24576.',
    'Request payload size exceeds the limit: 20971520 bytes.',
  ])('takes no other limit for that: %s', (message) => {
    expect(judge(400, message).cause).toBe('client_error');
  });

  it('asks for a larger model, and tells how large', () => {
    const text = 'The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).';
    expect(judge(400, text)).toEqual({
      cause: 'too_long',
      retry: 'elsewhere',
      others: 'larger',
      circuit: 'ignore',
      tokens: 1_048_577,
    });
    expect(judge(400, 'maximum context length is 128 tokens')).toMatchObject({ others: 'larger' });
    expect(judge(403, text)).not.toMatchObject({ others: 'larger' });
  });
});

describe('answers', () => {
  it('leaves answers alone', () => {
    const verdict = attemptVerdict({ kind: 'answered' }, context);
    expect(verdict).toMatchObject({ retry: 'never', others: 'none', circuit: 'success' });
  });

  it('gives a malformed function call one more try', () => {
    const verdict = attemptVerdict({ kind: 'defect', defect: 'bad_call' }, context);
    expect(verdict).toMatchObject({ retry: 'same', max: 2, others: 'none', circuit: 'success' });
  });

  it('replays an empty answer once or twice without blaming the target', () => {
    const verdict = attemptVerdict({ kind: 'defect', defect: 'empty' }, context);
    expect(verdict).toMatchObject({ retry: 'same', max: 3, circuit: 'ignore' });
  });

  it('replays an answer that is none, and blames the target', () => {
    for (const defect of ['no_finish', 'truncated_event', 'malformed_event', 'foreign_bytes', 'wrong_type'] as const) {
      expect(attemptVerdict({ kind: 'defect', defect }, context)).toMatchObject({ retry: 'same', circuit: 'failure' });
    }
    expect(attemptVerdict({ kind: 'defect', defect: 'event_too_large' }, context)).toMatchObject(never);
  });

  it('judges an error in place of an answer as that error', () => {
    const upstream = errorOf(429, 'x', [{ retryDelay: '2s' }]);
    expect(attemptVerdict({ kind: 'defect', defect: 'error_event', upstream }, context)).toEqual(
      attemptVerdict({ kind: 'error', error: upstream }, context),
    );
  });
});

describe('connections and time', () => {
  it('retries connection errors', () => {
    expect(attemptVerdict({ kind: 'connection', fault: 'reset' }, context)).toMatchObject({ retry: 'same', max: 3 });
    expect(attemptVerdict({ kind: 'connection', fault: 'tls' }, context)).toMatchObject({ retry: 'same', max: 2 });
  });

  it('leaves a silent route and does not come back', () => {
    expect(attemptVerdict({ kind: 'silent' }, context)).toMatchObject({ retry: 'elsewhere', circuit: 'failure' });
  });

  it('does nothing more once the client has left or the time is up', () => {
    for (const kind of ['aborted', 'late', 'local'] as const) {
      expect(attemptVerdict({ kind }, context)).toMatchObject(never);
    }
  });
});
