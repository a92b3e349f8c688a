import { beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import { MetricsRegistry } from '../../metrics/index.js';
import { type ReplyFacts } from '../reply-port.js';
import { type Asker } from './asker.js';
import { type Reader } from './recorded-reply.js';
import { type SharedCall } from './shared-call.js';
import { SharedAnswers } from './shared-answers.service.js';
import { SharingMetrics } from './sharing.metrics.js';

const KIB = 1024;
const FACTS = { model: 'm' } as ReplyFacts;
/** A client that needs nothing of the rest of the node. */
const ASKER = { attemptsFor: () => ({ sent: 1, healing: () => [], abandon: () => undefined }) } as unknown as Asker;

let registry: MetricsRegistry;
let answers: SharedAnswers;
beforeEach(() => {
  registry = new MetricsRegistry();
  const settings = { coalesce: true, staleIfErrorMs: 0, answerBuffer: 64 * KIB, answerMemory: 100 * KIB };
  const admission = { takeBody: () => undefined, releaseBody: () => undefined };
  const parts = [settings, new ManualClock(), new SharingMetrics(registry), {}, admission];
  answers = Reflect.construct(SharedAnswers, parts) as SharedAnswers;
});

/** A reader that has read everything, or nothing. */
const reader = (call: SharedCall, reads = true): Reader => ({
  get cursor() {
    return reads ? call.reply.record.end : 0;
  },
  blocked: !reads,
  leftMs: 1000,
  pump: () => undefined,
  cutOff: () => undefined,
});

/** A call in flight of which `kib` have been said. */
function running(key: string, kib: number): SharedCall {
  const call = answers.open(key, ASKER);
  call.reply.add(reader(call));
  call.reply.start(200, [], FACTS);
  for (let i = 0; i < kib; i++) call.reply.write(Buffer.alloc(KIB));
  return call;
}

const held = async (): Promise<number> => {
  const { body } = await registry.expose('text');
  return Number(/^l104_shared_answers_memory_bytes (\d+)/m.exec(body)?.[1]);
};

it('holds its memory however many calls run: who finds none left can no longer be joined, and goes on', async () => {
  const calls = Array.from({ length: 50 }, (_, at) => running(String(at), 10));
  expect(await held()).toBe(100 * KIB);
  expect(calls.map((_, at) => answers.running(String(at)) !== undefined)).toEqual(calls.map((_, at) => at < 10));
  expect(calls[49]!.reply.record.end).toBe(10);
});

it('what is held for those who might yet join gives way to those who have joined, the oldest first', async () => {
  running('oldest', 40);
  running('older', 40);
  const joined = running('joined', 20);
  const slow = reader(joined, false);
  joined.reply.add(slow);
  for (let i = 0; i < 10; i++) joined.reply.write(Buffer.alloc(KIB));
  expect(answers.running('oldest')).toBeUndefined();
  expect(answers.running('older')).toBeDefined();
  expect(answers.running('joined')).toBe(joined);
  expect(await held()).toBe(70 * KIB);
});

it('gives everything back when the last have left', async () => {
  const calls = Array.from({ length: 5 }, (_, at) => running(String(at), 10));
  for (const call of calls) for (const one of [...call.reply.readers.keys()]) call.leave(one, 'aborted');
  expect(await held()).toBe(0);
  expect(answers.running('0')).toBeUndefined();
});
