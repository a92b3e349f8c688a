import { afterEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import { AnswerMemory } from '../domain/sharing/answer-memory.js';
import { type ReplyFacts } from '../reply-port.js';
import { type Reader, RecordedReply } from './recorded-reply.js';

const FACTS = { model: 'm' } as ReplyFacts;
const LIMIT = 100;

/** A client that reads `appetite` pieces and then no more until it is fed again. */
class Client implements Reader {
  cursor = 0;
  leftMs = 1000;
  cut = false;
  read = '';

  constructor(
    private readonly reply: RecordedReply,
    public appetite = Infinity,
  ) {}

  get blocked(): boolean {
    return this.appetite === 0;
  }

  pump(): void {
    for (let piece; !this.blocked && (piece = this.reply.record.at(this.cursor)); this.cursor++, this.appetite--) {
      this.read += piece.toString();
    }
  }

  cutOff(): void {
    this.cut = true;
    this.reply.remove(this);
  }

  feed(appetite: number): void {
    this.appetite += appetite;
    this.reply.moved(this);
  }
}

interface Scene {
  reply: RecordedReply;
  taken: () => number;
  closed: () => number;
  join: (appetite?: number) => Client;
}

/** A reply that has begun; `bytes` is the limit of the memory, patience is in ms. `join` adds a client. */
function scene(bytes = 1000, patienceMs = 0): Scene {
  const memory = new AnswerMemory(new ManualClock(), { bytes, ageMs: 0 });
  let closed = 0;
  const reply = new RecordedReply(memory, LIMIT, () => closed++, patienceMs);
  reply.start(200, [], FACTS);
  const join = (appetite?: number): Client => {
    const client = new Client(reply, appetite);
    reply.add(client);
    return client;
  };
  return { reply, taken: () => memory.bytes, closed: () => closed, join };
}

const piece = (at: number, bytes = 10): Buffer => Buffer.from(String(at % 10).repeat(bytes));
const all = (pieces: number): string => Array.from({ length: pieces }, (_, at) => piece(at).toString()).join('');

describe('the pace', () => {
  it('is that of the client that keeps up', () => {
    const { reply, join } = scene();
    const [fast, slow] = [join(), join(2)];
    for (let at = 0; at < 5; at++) expect(reply.write(piece(at))).toBe(true);
    expect([fast.read, slow.read]).toEqual([all(5), all(2)]);
  });

  it('stops when nobody reads, and goes on with the first who does', () => {
    const { reply, join } = scene();
    const [one, other] = [join(1), join(2)];
    expect(reply.write(piece(0))).toBe(true);
    expect(reply.write(piece(1))).toBe(false);
    let resumed = 0;
    reply.onDrain(() => resumed++);
    one.feed(1);
    // It has caught up, and can take nothing more.
    expect(resumed).toBe(0);
    one.feed(5);
    expect(resumed).toBe(1);
    other.feed(5);
    expect(resumed).toBe(1);
  });

  it('goes on when the only clients that read no more are joined by one that does', () => {
    const { reply, join } = scene();
    join(1);
    expect(reply.write(piece(0))).toBe(false);
    let resumed = 0;
    reply.onDrain(() => resumed++);
    const late = join();
    expect([resumed, late.read]).toEqual([1, all(1)]);
  });
});

describe('the record', () => {
  it('is whole for whoever comes while it is complete', () => {
    const { reply, taken, join } = scene();
    join();
    for (let at = 0; at < 10; at++) reply.write(piece(at));
    const late = join();
    expect([late.read, reply.complete, taken()]).toEqual([all(10), true, 100]);
  });

  it('past its limit cannot be joined and holds nothing that all have read', () => {
    const { reply, taken, closed, join } = scene();
    const only = join();
    for (let at = 0; at < 1000; at++) expect(reply.write(piece(at))).toBe(true);
    expect(only.read).toBe(all(1000));
    expect([reply.complete, closed(), reply.record.bytes, taken()]).toEqual([false, 1, 0, 0]);
  });

  it('past its limit holds what the slower have not read, and all get it whole', () => {
    const { reply, taken, join } = scene();
    const [fast, slow] = [join(), join(5)];
    for (let at = 0; at < 15; at++) reply.write(piece(at));
    expect([reply.record.bytes, taken(), slow.cut]).toEqual([100, 100, false]);
    slow.feed(Infinity);
    for (let at = 15; at < 30; at++) reply.write(piece(at));
    expect([fast.read, slow.read]).toEqual([all(30), all(30)]);
    expect(taken()).toBe(0);
  });

  it('cuts off who is behind the fastest by more than the limit, not the fastest', () => {
    const { reply, taken, join } = scene();
    const [fast, slow, slower] = [join(), join(8), join(2)];
    for (let at = 0; at < 15; at++) reply.write(piece(at));
    expect([fast.cut, slow.cut, slower.cut]).toEqual([false, false, true]);
    for (let at = 15; at < 50; at++) reply.write(piece(at));
    expect([fast.cut, slow.cut]).toEqual([false, true]);
    expect([fast.read, taken()]).toEqual([all(50), 0]);
  });

  it('never cuts off a client that is alone, but stops the upstream', () => {
    const { reply, join } = scene();
    const only = join(3);
    let flowing = true;
    for (let at = 0; at < 30; at++) flowing = reply.write(piece(at));
    expect([flowing, only.cut]).toEqual([false, false]);
    only.feed(Infinity);
    expect(only.read).toBe(all(30));
  });

  it('ends for lack of memory as it does at its limit', () => {
    const { reply, closed, taken, join } = scene(35);
    const [fast, slow] = [join(), join(2)];
    for (let at = 0; at < 5; at++) reply.write(piece(at));
    expect([closed(), slow.cut, taken()]).toEqual([1, false, 30]);
    reply.write(piece(5));
    expect([slow.cut, fast.read, taken()]).toEqual([true, all(6), 0]);
  });

  it('gives all its memory back with the last client', () => {
    const { reply, taken, closed, join } = scene();
    const clients = [join(), join(1)];
    for (let at = 0; at < 5; at++) reply.write(piece(at));
    for (const client of clients) reply.remove(client);
    expect([taken(), closed()]).toEqual([0, 1]);
  });

  it('is shrunk to what is yet to be read when others need the memory', () => {
    const { reply, taken, closed, join } = scene();
    const client = join(3);
    for (let at = 0; at < 5; at++) reply.write(piece(at));
    reply.shrink();
    expect([taken(), closed()]).toEqual([20, 1]);
    client.feed(Infinity);
    expect([client.read, taken()]).toEqual([all(5), 0]);
  });
});

describe('patience', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A fast client, and one that is behind by just more than the limit. */
  function behind(): { reply: RecordedReply; fast: Client; slow: Client; resumed: () => number } {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { reply, join } = scene(1000, 1000);
    const [fast, slow] = [join(), join(1)];
    for (let at = 0; at < 11; at++) expect(reply.write(piece(at))).toBe(true);
    expect(reply.write(piece(11))).toBe(false);
    let resumed = 0;
    reply.onDrain(() => resumed++);
    return { reply, fast, slow, resumed: () => resumed };
  }

  it('is had with a client that reads on: the upstream waits for it, and nobody is cut off', () => {
    const { reply, fast, slow, resumed } = behind();
    vi.advanceTimersByTime(900);
    expect([slow.cut, resumed()]).toEqual([false, 0]);
    slow.feed(Infinity);
    expect(resumed()).toBe(1);
    for (let at = 12; at < 40; at++) expect(reply.write(piece(at))).toBe(true);
    vi.advanceTimersByTime(10_000);
    expect([slow.cut, slow.read, fast.read]).toEqual([false, all(40), all(40)]);
  });

  it('ends: then the slow client is cut off, and the upstream goes on', () => {
    const { fast, slow, resumed } = behind();
    vi.advanceTimersByTime(1000);
    expect([slow.cut, fast.cut, resumed()]).toEqual([true, false, 1]);
  });

  it('is limited in all, so that a client that reads a little at a time cannot hold up the others', () => {
    const { reply, slow } = behind();
    for (let at = 12, waited = 0; at < 14; at++, waited += 600) {
      vi.advanceTimersByTime(600);
      expect(slow.cut).toBe(waited >= 600);
      if (slow.cut) break;
      slow.feed(1);
      reply.write(piece(at));
    }
    expect(slow.cut).toBe(true);
  });

  it('is not needed any more when the slow client leaves, or the answer is over', () => {
    const { reply, slow, resumed } = behind();
    reply.remove(slow);
    expect(resumed()).toBe(1);
    const other = behind();
    other.reply.settle();
    vi.advanceTimersByTime(10_000);
    other.slow.feed(Infinity);
    expect([other.slow.cut, other.slow.read, vi.getTimerCount()]).toEqual([false, all(12), 0]);
  });

  it('is not spent while nobody is held up', () => {
    const { reply, fast, slow } = behind();
    vi.advanceTimersByTime(500);
    slow.feed(1);
    fast.appetite = 1;
    reply.write(piece(12));
    vi.advanceTimersByTime(60_000);
    expect([slow.cut, fast.cut]).toEqual([false, false]);
    // Now somebody is.
    fast.feed(1);
    vi.advanceTimersByTime(400);
    expect(slow.cut).toBe(false);
    vi.advanceTimersByTime(200);
    expect(slow.cut).toBe(true);
  });
});
