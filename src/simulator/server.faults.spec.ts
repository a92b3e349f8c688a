import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseFaultPlan, type RunningSimulator, startSimulator } from './index.js';

let simulator: RunningSimulator;
const sockets: Socket[] = [];

beforeAll(async () => {
  simulator = await startSimulator({ wordDelayMs: 0, requireKey: false });
});
afterEach(() => {
  simulator.faults.clear();
  sockets.splice(0).forEach((socket) => socket.destroy());
});
afterAll(() => simulator.close());

/** How a response ended, as seen on the socket: `whole` message, `fin` or `rst` before its end, or still `open`. */
type Ending = 'whole' | 'fin' | 'rst' | 'open';
interface Seen {
  readonly head: string;
  readonly body: string;
  readonly ending: Ending;
}

const SSE = '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse';
const ARRAY = '/v1beta/models/gemini-2.5-flash:streamGenerateContent';
const UNARY = '/v1beta/models/gemini-2.5-flash:generateContent';
const CHAT = '/v1beta/openai/chat/completions';
const native = { contents: [{ role: 'user', parts: [{ text: 'hello #words=60' }] }] };
const chat = { model: 'gemini-2.5-flash', stream: true, messages: [{ role: 'user', content: 'hello #words=60' }] };

/** Sends one request over a bare socket and waits for its end, or for `open` and a moment more. */
function raw(path: string, body: object, open?: (body: string, head: string) => boolean): Promise<Seen> {
  const socket = connect(simulator.port, '127.0.0.1');
  sockets.push(socket);
  const payload = JSON.stringify(body);
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(payload)}\r\n\r\n${payload}`,
  );
  let text = '';
  const seen = (ending: Ending): Seen => {
    const split = text.indexOf('\r\n\r\n');
    const head = split < 0 ? text : text.slice(0, split);
    const rest = split < 0 ? '' : text.slice(split + 4);
    return { head, body: head.includes('chunked') ? rest.replace(/(^|\r\n)[0-9a-f]+\r\n/g, '') : rest, ending };
  };
  return new Promise((resolve) => {
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const now = seen('whole');
      const length = Number(/content-length: (\d+)/.exec(now.head)?.[1] ?? NaN);
      if (text.endsWith('\r\n0\r\n\r\n') || Buffer.byteLength(now.body) === length) resolve(now);
      else if (open?.(now.body, now.head) === true)
        setTimeout(() => {
          resolve(seen('open'));
        }, 60);
    });
    socket.on('end', () => {
      resolve(seen('fin'));
    });
    socket.on('error', () => {
      resolve(seen('rst'));
    });
  });
}

function set(fault: object, more: object = {}): void {
  const parsed = parseFaultPlan({ faults: [{ ...more, fault }] });
  if (parsed.plan === undefined) throw new Error(parsed.problems.join('\n'));
  simulator.faults.set(parsed.plan);
}

const events = (body: string): number => body.match(/"responseId"|"finish_reason"/g)?.length ?? 0;

/** A fault and what is to be seen of it: the end, how many whole events, what the body has to and must not contain. */
type Case = [name: string, fault: object, ending: Ending, events: number | undefined, has: RegExp, hasNot?: RegExp];

describe('faults of a stream, on the wire', () => {
  const cases: Case[] = [
    ['cut', { kind: 'cut', afterEvents: 3 }, 'fin', 3, /data/],
    ['clean end', { kind: 'cut', afterEvents: 3, cleanEnd: true }, 'whole', 3, /data/, /finishReason/],
    ['reset', { kind: 'reset', afterEvents: 3 }, 'rst', 3, /data/],
    ['half event, ended', { kind: 'truncatedEvent' }, 'whole', 2, /data/, /\}\s*$/],
    ['half event, cut', { kind: 'truncatedEvent', then: 'cut' }, 'fin', 2, /data/, /\}\s*$/],
    ['extra garbage', { kind: 'garbage', afterEvents: 1 }, 'whole', undefined, /"gar\r\n\r\n[^]*STOP/],
    ['replaced event', { kind: 'garbage', mode: 'replace' }, 'whole', undefined, /"gar\r\n\r\n[^]*STOP/],
    ['late error', { kind: 'inStreamError' }, 'whole', 3, /data: \{"error":\{"code":503/],
    ['bare error', { kind: 'bareJsonError', status: 'INTERNAL' }, 'whole', 2, /\n\{\n {2}"error"/],
    ['no finish', { kind: 'missingFinish' }, 'whole', undefined, /candidates/, /finishReason/],
    [
      'no parts',
      { kind: 'emptyAnswer', shape: 'noParts' },
      'whole',
      1,
      /"content":\{"role":"model"\},"finishReason":"STOP"/,
    ],
    ['no content', { kind: 'emptyAnswer', shape: 'noContent' }, 'whole', 1, /"finishReason":"STOP"/, /"content"/],
    ['no candidates', { kind: 'emptyAnswer', shape: 'noCandidates' }, 'whole', 1, /usageMetadata/, /candidates"/],
    ['thoughts only', { kind: 'thoughtsOnly' }, 'whole', undefined, /"thought":true/],
    ['malformed call', { kind: 'malformedFunctionCall' }, 'whole', 1, /"finishReason":"MALFORMED_FUNCTION_CALL"/],
    ['unknown reason', { kind: 'finishReason', reason: 'NEW' }, 'whole', undefined, /"finishReason":"NEW"/],
    ['comments', { kind: 'comments' }, 'whole', undefined, /^: simulated comment\r\n\r\ndata: /],
    ['event names', { kind: 'comments', eventName: 'message' }, 'whole', undefined, /^event: message\ndata: /],
    ['HTML with 200', { kind: 'html200', contentType: 'text/event-stream' }, 'whole', undefined, /^<!DOCTYPE html>/],
  ];
  for (const [name, fault, ending, sent, has, hasNot] of cases) {
    it(name, async () => {
      set(fault);
      simulator.journal.clear();
      const seen = await raw(SSE, native);
      expect(seen.head).toContain('200 OK');
      expect(seen.ending).toBe(ending);
      expect(seen.body).toMatch(has);
      if (hasNot !== undefined) expect(seen.body).not.toMatch(hasNot);
      const record = await simulator.journal.waitFor((item) => item.outcome !== undefined, 2_000);
      expect(record.faults).toHaveLength(1);
      if (sent !== undefined) expect(record.eventsSent).toBe(sent);
    });
  }

  it('trickles word by word', async () => {
    set({ kind: 'throughput', tokensPerSecond: 1_000 });
    const seen = await raw(SSE, native);
    expect([seen.ending, events(seen.body)]).toEqual(['whole', expect.toSatisfy((count: number) => count >= 60)]);
  });

  it('stays open: stall, zombie, missing terminator, silence after the head', async () => {
    set({ kind: 'stall', afterEvents: 3 });
    expect(await raw(SSE, native, (body) => events(body) === 3)).toMatchObject({ ending: 'open' });
    set({ kind: 'zombie', afterEvents: 2, everyMs: 10 });
    const zombie = await raw(SSE, native, (body) => events(body) >= 6);
    const idle = zombie.body.trim().split('\r\n\r\n').slice(2, 6);
    expect(new Set(idle.map((line) => line.replace(/^[0-9a-f]+\r\n/, ''))).size).toBe(1);
    expect(idle[0]).toMatch(/data: \{"usageMetadata"/);
    set({ kind: 'noTerminator' });
    expect(await raw(CHAT, chat, (body) => body.includes('"finish_reason":"stop"'))).toMatchObject({ ending: 'open' });
    set({ kind: 'firstTokenDelay' });
    const silent = await raw(SSE, native, (_, head) => head.includes('text/event-stream'));
    expect(silent).toMatchObject({ body: '', ending: 'open' });
  });
});

describe('faults before the head and of other forms', () => {
  it('resets without a byte, and says nothing at all', async () => {
    set({ kind: 'reset', beforeHeaders: true });
    expect(await raw(UNARY, native)).toEqual({ head: '', body: '', ending: 'rst' });
    set({ kind: 'silence' });
    const silent = raw(UNARY, native);
    await simulator.journal.waitFor((record) => record.faults.includes('silence'), 2_000);
    expect(await Promise.race([silent, new Promise((resolve) => setTimeout(resolve, 60, 'silent'))])).toBe('silent');
    sockets.at(-1)?.destroy();
    await simulator.journal.waitFor(
      (record) => record.faults.includes('silence') && record.outcome === 'client_aborted',
      2_000,
    );
  });

  it('cuts a unary body short, or announces more than it sends', async () => {
    set({ kind: 'cut' });
    expect(await raw(UNARY, native)).toMatchObject({
      ending: 'fin',
      head: expect.stringContaining('content-length') as string,
    });
    set({ kind: 'truncatedBody' });
    const short = await raw(UNARY, native);
    expect(short.ending).toBe('fin');
    expect(() => JSON.parse(short.body) as unknown).not.toThrow();
    set({ kind: 'reset' });
    expect(await raw(UNARY, native)).toMatchObject({ ending: 'rst' });
  });

  it('breaks JSON arrays and OpenAI streams too', async () => {
    set({ kind: 'inStreamError', afterEvents: 2 });
    const array = await raw(ARRAY, native);
    expect(JSON.parse(array.body) as unknown[]).toHaveLength(3);
    set({ kind: 'cut', afterEvents: 2 });
    expect(await raw(ARRAY, native)).toMatchObject({ ending: 'fin' });
    const openai = await raw(CHAT, chat);
    expect([openai.ending, events(openai.body)]).toEqual(['fin', 2]);
    set({ kind: 'missingFinish' });
    const endless = await raw(CHAT, chat);
    expect(endless.ending).toBe('whole');
    expect(endless.body).not.toMatch(/\[DONE\]|"stop"/);
  });

  it('refuses connections for a while on the same port, then takes them again', async () => {
    set({ kind: 'refuse' }, { for: '150ms' });
    expect(await raw(UNARY, native)).toMatchObject({ head: '', ending: 'rst' });
    for (let tries = 0; ; tries++) {
      const seen = await raw(UNARY, native);
      if (seen.ending === 'whole') break;
      expect(tries).toBeLessThan(100);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    set({ kind: 'refuse' });
    simulator.faults.clear();
    expect(await raw(UNARY, native)).toMatchObject({ ending: 'whole' });
  });
});
