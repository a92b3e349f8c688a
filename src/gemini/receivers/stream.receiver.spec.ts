import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { type AnswerDefect } from '../domain/answer-defect.js';
import { Delivered } from '../domain/resume/delivered.js';
import { type SplicedAnswer } from '../domain/resume/spliced-answer.js';
import { type Route } from '../domain/route.js';
import { type ReplyFacts, type ReplyPort } from '../reply-port.js';
import { type CallHandle } from './receiver.js';
import { StreamReceiver } from './stream.receiver.js';

/** A call, which shows what becomes of it. */
class Call implements CallHandle {
  readonly route = { surface: 'gemini', model: 'm' } as unknown as Route;
  readonly delivered = new Delivered('gemini', 10_000);
  readonly takesBadCall = false;
  readonly source = { pause: this.#nothing, resume: this.#nothing };
  limits = { eventLimit: 1000, answerBuffer: 1000, idleMs: 100, endGraceMs: 100, minPerSecond: 0, floorWindowMs: 0 };
  splice: SplicedAnswer | undefined;
  sent = '';
  /** Whether the client has no room for more. */
  full = false;
  ended = false;
  /** The limit on silence that holds, ms. */
  limit: number | undefined;
  /** How often the limit on silence began anew. */
  signs = 0;
  defect: string | undefined;
  readonly reply = {
    begun: false,
    start: () => {
      this.reply.begun = true;
    },
    write: (bytes: Buffer) => {
      this.sent += bytes.toString();
      return !this.full;
    },
    onDrain: () => undefined,
    end: () => {
      this.ended = true;
    },
  } as unknown as ReplyPort & { begun: boolean };

  silence(ms: number | undefined): void {
    this.limit = ms;
    this.signs++;
  }

  moved(): void {
    this.signs++;
  }

  defective({ kind }: AnswerDefect): void {
    this.defect = kind;
  }

  facts = (): ReplyFacts => ({}) as ReplyFacts;
  pause = this.#nothing;
  resume = this.#nothing;
  claim = this.#nothing;
  firstToken = this.#nothing;
  succeeded = this.#nothing;
  refused = this.#nothing;
  failed = this.#nothing;

  #nothing(): void {
    // Not of interest here.
  }
}

const event = (text: string, output: number): string =>
  `data: {"candidates":[{"content":{"parts":[{"text":"${text}"}]}}],"usageMetadata":{"candidatesTokenCount":${output}}}\r\n\r\n`;
const NO_COUNT = 'data: {"candidates":[{"content":{"parts":[{"text":"other"}]}}]}\r\n\r\n';
const EVENTS = ['one', 'two', 'three', 'four', 'five'].map((word, index) => event(word, index + 1));

afterEach(() => {
  vi.useRealTimers();
});

/** A stream of events that are alike, of which all have come. */
function begun(limits: Partial<Call['limits']> = {}): { call: Call; receiver: StreamReceiver } {
  const call = new Call();
  Object.assign(call.limits, limits);
  const receiver = new StreamReceiver(call, { status: 200, headers: {} }, 'gemini-sse');
  for (const each of EVENTS) receiver.data(Buffer.from(each));
  expect(call.sent).toBe(EVENTS.join(''));
  return { call, receiver };
}

it('leaves the last count of tokens behind, although nobody has looked at its event more closely', () => {
  const { call, receiver } = begun();
  receiver.close();
  expect(call.delivered.usage).toEqual({ candidatesTokenCount: 5 });
  expect(receiver.usage?.output).toBe(5);
});

it('leaves it behind where an event of another kind came after it', () => {
  const { call, receiver } = begun();
  receiver.data(Buffer.from(NO_COUNT + NO_COUNT));
  receiver.close();
  expect(call.delivered.usage).toEqual({ candidatesTokenCount: 5 });
  expect(call.delivered.text).toBe('onetwothreefourfiveotherother');
});

it('takes an event without text for a sign of life only where its count has grown', () => {
  const { call, receiver } = begun();
  const { signs } = call;
  expect(signs).toBeGreaterThanOrEqual(EVENTS.length);
  receiver.data(Buffer.from(event('', 5)));
  expect(call.signs).toBe(signs);
  receiver.data(Buffer.from(event('', 6)));
  expect(call.signs).toBe(signs + 1);
});

it('passes on no event that is larger than its limit, however much like the others it is', () => {
  const { call, receiver } = begun({ eventLimit: 300 });
  receiver.data(Buffer.from(event('x'.repeat(300), 6)));
  expect(call.defect).toBe('event_too_large');
  expect(call.sent).toBe(EVENTS.join(''));
});

it('passes on nothing more once the answer has come too slowly', async () => {
  const { call, receiver } = begun({ minPerSecond: 1_000_000, floorWindowMs: 20 });
  await sleep(50);
  const slow = event('six', 6);
  receiver.data(Buffer.from(slow));
  receiver.progressed();
  expect(call.defect).toBe('too_slow');
  receiver.data(Buffer.from(NO_COUNT));
  expect(call.sent).toBe(EVENTS.join('') + slow);
});

it('finds an answer too slow at an event of another kind as well', async () => {
  const { call, receiver } = begun({ minPerSecond: 1_000_000, floorWindowMs: 20 });
  await sleep(50);
  receiver.data(Buffer.from(NO_COUNT));
  expect(call.defect).toBe('too_slow');
});

it('blames no pace on the upstream that the client has set', async () => {
  const { call, receiver } = begun({ minPerSecond: 1_000_000, floorWindowMs: 20 });
  call.full = true;
  receiver.data(Buffer.from(event('six', 6)));
  await sleep(50);
  receiver.progressed();
  expect(call.defect).toBeUndefined();
});

it('sets the upstream no limit on silence while the client is slow', () => {
  const { call, receiver } = begun();
  expect(call.limit).toBe(call.limits.idleMs);
  call.full = true;
  receiver.data(Buffer.from(event('six', 6)));
  expect(call.limit).toBeUndefined();
});

it('has an answer whose every event says STOP go on for as long as events come', () => {
  vi.useFakeTimers();
  const call = new Call();
  const receiver = new StreamReceiver(call, { status: 200, headers: {} }, 'gemini-sse');
  const stops = EVENTS.map((each) => each.replace('}]}}]', '}]},"finishReason":"STOP"}]'));
  for (const each of [...stops, ...stops]) {
    receiver.data(Buffer.from(each));
    vi.advanceTimersByTime(call.limits.idleMs - 1);
    expect(call.ended).toBe(false);
  }
  vi.advanceTimersByTime(1);
  expect(call.ended).toBe(true);
  expect(call.sent).toBe([...stops, ...stops].join(''));
});

it('has an answer that is gone on with joined event by event, however much alike they are', () => {
  const call = new Call();
  const seen: unknown[] = [];
  const take = (data: Record<string, unknown>): Record<string, unknown> => ({ joined: seen.push(data['candidates']) });
  call.splice = { take, stopped: false, ended: false } as unknown as SplicedAnswer;
  const receiver = new StreamReceiver(call, { status: 200, headers: {} }, 'gemini-sse');
  for (const each of EVENTS) receiver.data(Buffer.from(each));
  expect(call.sent).toBe(EVENTS.map((_each, index) => `data: {"joined":${index + 1}}\n\n`).join(''));
});
