import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, setStage } from '../support/boot.js';
import { comparable } from './comparable.js';
import { aiSdkDriver } from './drivers/ai-sdk.driver.js';
import { CLIENTS } from './drivers/all-drivers.js';
import { type Ask, type ClientDriver } from './drivers/client-driver.js';
import { openaiDriver } from './drivers/openai.driver.js';
import { type Failure, failureOf } from './failure.js';
import { requestsWith } from './journal-reading.js';
import { type KeyedFault, keyFor, strikeByKey } from './keyed-faults.js';

interface Refusal {
  readonly why: string;
  readonly status: number;
  /** A word of Gemini's own message. */
  readonly says: string;
  /** What the package `openai` tells as `code`. */
  readonly code: string;
  readonly ask?: Partial<Ask>;
  readonly fault?: KeyedFault['fault'];
  /** Instead of a key that meets the fault. */
  readonly key?: string;
}

const REFUSALS: readonly Refusal[] = [
  { why: 'wrong key', key: 'invalid-key', status: 400, says: 'API key not valid', code: 'API_KEY_INVALID' },
  { why: 'leaked key', key: 'leaked-key', status: 403, says: 'reported as leaked', code: 'PERMISSION_DENIED' },
  {
    why: 'unknown model',
    ask: { model: 'gemini-0-nothing' },
    status: 404,
    says: 'models/gemini-0-nothing is not found',
    code: 'NOT_FOUND',
  },
  {
    why: 'prompt too long',
    ask: { model: 'tiny', prompt: 'too long '.repeat(100) },
    status: 400,
    says: 'exceeds the maximum number of tokens',
    code: 'INVALID_ARGUMENT',
  },
  {
    why: 'region',
    fault: { kind: 'error', status: 'FAILED_PRECONDITION' },
    status: 400,
    says: 'location is not supported',
    code: 'FAILED_PRECONDITION',
  },
  {
    why: 'quota',
    fault: { kind: 'error', status: 'RESOURCE_EXHAUSTED', quota: 'PerMinute', retryDelay: '34.07s' },
    status: 429,
    says: 'exceeded your current quota',
    code: 'RESOURCE_EXHAUSTED',
  },
  {
    why: 'bare quota',
    fault: { kind: 'error', status: 'RESOURCE_EXHAUSTED', bare: true },
    status: 429,
    says: 'Resource has been exhausted',
    code: 'RESOURCE_EXHAUSTED',
  },
  {
    why: 'internal',
    fault: { kind: 'error', status: 'INTERNAL' },
    status: 500,
    says: 'internal error',
    code: 'INTERNAL',
  },
  {
    why: 'overload',
    fault: { kind: 'error', status: 'UNAVAILABLE' },
    status: 503,
    says: 'overloaded',
    code: 'UNAVAILABLE',
  },
  {
    why: 'timeout',
    fault: { kind: 'error', status: 'DEADLINE_EXCEEDED' },
    status: 504,
    says: 'timed out',
    code: 'DEADLINE_EXCEEDED',
  },
];

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({}, { models: [{ name: 'tiny', inputTokenLimit: 100 }] });
  strikeByKey(
    stage.simulator,
    Object.fromEntries(REFUSALS.flatMap(({ why, fault }) => (fault === undefined ? [] : [[why, { fault }]]))),
  );
});
afterAll(() => stage.close());

describe.each(CLIENTS)('$name', (driver) => {
  const isOpenAi = driver.name.startsWith('openai');

  function refused(how: 'unary' | 'stream', { why, key, ask }: Refusal, url: string): Promise<Failure> {
    const client = driver.connect({ url, key: key ?? keyFor(why, driver.name) });
    return failureOf(client[how]({ prompt: 'Hello', ...ask }), url);
  }

  describe.each(['unary', 'stream'] as const)('%s', (how) => {
    it.each(REFUSALS)('shows the refusal of a $why as Gemini means it', async (refusal) => {
      const direct = await refused(how, refusal, stage.simulator.url + driver.path.gemini);
      const through = await refused(how, refusal, stage.node.url + driver.path.node);
      expect(direct.status).toBe(refusal.status);
      expect(through).toMatchObject({ class: direct.class, name: direct.name, status: direct.status });
      expect(through.message).toContain(refusal.says);
      if (isOpenAi) {
        // Gemini wraps these errors in an array, which this package cannot read.
        expect(direct.message).toContain('no body');
        expect(through.told).toMatchObject({ code: refusal.code, type: expect.any(String) as string, param: null });
        expect(through.header('x-request-id')).toMatch(/\S/);
      } else {
        expect(through.message).toBe(direct.message);
        expect(comparable(through.told)).toEqual(comparable(direct.told));
      }
    });
  });
});

describe('a wait that Gemini asks for', () => {
  const waiters = CLIENTS.filter(({ name }) => name.startsWith('openai') || name.startsWith('ai '));
  const fail = (driver: ClientDriver, how: 'unary' | 'stream'): Promise<Failure> => {
    const url = stage.node.url + driver.path.node;
    return failureOf(driver.connect({ url, key: keyFor('quota', 'waiter') })[how]({ prompt: 'Hello' }), url);
  };

  it.each(waiters)('is there for $name to read', async (driver) => {
    for (const how of ['unary', 'stream'] as const) {
      const failure = await fail(driver, how);
      const ms = Number(failure.header('retry-after-ms'));
      // As long as Gemini said, less what has passed since.
      expect(ms).toBeLessThanOrEqual(34_070);
      expect(ms).toBeGreaterThan(24_000);
      expect(Number(failure.header('retry-after'))).toBe(Math.ceil(ms / 1000));
    }
  });
});

describe('a client that repeats by itself', () => {
  /** Longer than any of the packages waits when it is told nothing, ms. */
  const WAIT_MS = 2_600;

  it('waits as long as Gemini asks for', async () => {
    const own = await setStage();
    const fault = { kind: 'error', status: 'RESOURCE_EXHAUSTED', quota: 'PerMinute', retryDelay: `${WAIT_MS}ms` };
    strikeByKey(own.simulator, { openai: { fault, times: 1 }, ai: { fault, times: 1 } });
    const repeating = [
      { driver: openaiDriver('/v1'), key: 'x:openai' },
      { driver: aiSdkDriver, key: 'x:ai' },
    ];
    await Promise.all(
      repeating.map(async ({ driver, key }) => {
        const client = driver.connect({ url: own.node.url + driver.path.node, key, retries: 1 });
        expect((await client.unary({ prompt: 'Hello' })).text).toContain('[simulated]');
        const [first, second] = requestsWith(own.simulator, key);
        expect((second?.startedAt ?? 0) - (first?.startedAt ?? 0)).toBeGreaterThanOrEqual(WAIT_MS - 100);
      }),
    );
    await own.close();
  });
});
