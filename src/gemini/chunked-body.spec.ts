import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChunkedBody } from './chunked-body.js';

type Part = readonly [size: number, way: 'piece' | 'words' | 'told' | 'turn'];

let server: Server;
let port: number;
/** What the next request is answered with. */
let answer: (body: ChunkedBody, response: ServerResponse) => void | Promise<void>;

beforeAll(async () => {
  server = createServer((_request, response) => {
    response.writeHead(200);
    const body = new ChunkedBody(response);
    body.begin();
    void answer(body, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

async function ask(): Promise<string> {
  const [response] = (await once(get({ port, host: '127.0.0.1' }), 'response')) as [IncomingMessage];
  return text(response);
}

/** A connection of its own, with a request sent; nothing is read from it yet. */
function talk(request: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  return socket;
}

/** Chunks as they are read from the network, some at another time, with what was said in each as a piece of that memory. */
function read(gaps: readonly string[], said: readonly string[]): { pieces: Buffer[]; bytes: string } {
  const reads = [''];
  const places = said.map((words, index) => {
    const gap = gaps[index] as string;
    if (gap === 'other') reads.push('');
    const ahead = `${reads.pop() ?? ''}${gap === 'other' ? '' : gap}${words.length.toString(16)}\r\n`;
    reads.push(`${ahead}${words}\r\n`);
    return [reads.length - 1, ahead.length] as const;
  });
  const memories = reads.map((bytes) => Uint8Array.from(Buffer.from(bytes)).buffer);
  const pieces = places.map(([memory, at], index) => Buffer.from(memories[memory]!, at, said[index]!.length));
  return { pieces, bytes: reads.join('') };
}

async function give(body: ChunkedBody, parts: readonly Part[]): Promise<string> {
  let whole = '';
  for (const [index, [size, way]] of parts.entries()) {
    const piece = String.fromCharCode(97 + (index % 26)).repeat(size);
    whole += piece;
    if (way === 'piece') body.write(Buffer.from(piece));
    else if (way === 'words') body.write(piece);
    else await new Promise<void>((told) => void body.write(piece, told));
    if (way === 'turn') await nextTurn();
  }
  return whole;
}

describe('ChunkedBody', () => {
  it('gives the client every piece in its order, whatever comes in one tick and however large', async () => {
    const part = fc.tuple(
      fc.oneof({ weight: 6, arbitrary: fc.nat(400) }, fc.integer({ min: 16_300, max: 40_000 })),
      fc.constantFrom<Part[1]>('piece', 'piece', 'piece', 'words', 'told', 'turn'),
    );
    const last = fc.constantFrom(undefined, '', 'the end', Buffer.alloc(20_000, 'z'));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), last, async (parts, end) => {
        let whole = '';
        answer = async (body) => {
          whole = (await give(body, parts)) + String(end ?? '');
          body.end(end);
        };
        const came = await ask();
        expect(came.length).toBe(whole.length);
        expect(came === whole).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('sends a piece rightly, whatever stands around it in memory', async () => {
    const size = fc.nat(700);
    const before = fc.oneof(
      size.map((length) => `${length.toString(16)}\r\n`),
      size.map((length) => `${length.toString(16)}\n\n`),
      fc.constantFrom('', '\r\n', 'F\r\n', '00', 'zz'),
    );
    const around = fc.record({
      size,
      // Most often the chunk that it has come in.
      before: fc.option(before),
      behind: fc.constantFrom('\r\n', '\r\n', '\r\n', '\r', '', 'xx'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(around, { minLength: 1, maxLength: 5 }), async (pieces) => {
        const sent: string[] = [];
        answer = async (body) => {
          for (const [index, { size: length, before: other, behind }] of pieces.entries()) {
            const head = other ?? `${length.toString(16)}\r\n`;
            const said = String.fromCharCode(97 + index).repeat(length);
            const { buffer } = Uint8Array.from(Buffer.from(head + said + behind));
            body.write(Buffer.from(buffer, head.length, length));
            sent.push(said);
            await nextTurn();
          }
          body.end();
        };
        const socket = talk('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
        const came = await text(socket);
        const chunks = sent.filter((said) => said !== '').map((said) => `${said.length.toString(16)}\r\n${said}\r\n`);
        expect(came.slice(came.indexOf('\r\n\r\n') + 4)).toBe(`${chunks.join('')}0\r\n\r\n`);
      }),
      { numRuns: 300 },
    );
  });

  it('sends on chunks that were read together as they stand, and rightly with whatever comes between them', async () => {
    const chunk = fc.record({
      size: fc.integer({ min: 1, max: 300 }),
      // What a chunk may have before its size (the end of the one before), and what may come in its way.
      gap: fc.constantFrom('', '', '', '', '', 'other', '0', '1;x=y\r\n'),
      between: fc.constantFrom('none', 'none', 'none', 'words', 'nothing', 'turn', 'flush', 'told'),
    });
    const last = fc.constantFrom(undefined, '', 'the end');
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { minLength: 1, maxLength: 8 }), last, async (chunks, end) => {
        const said = chunks.map(({ size }, index) => String.fromCharCode(97 + index).repeat(size));
        const { pieces, bytes } = read(
          chunks.map(({ gap }) => gap),
          said,
        );
        let whole = '';
        answer = async (body) => {
          for (const [index, { between }] of chunks.entries()) {
            const piece = pieces[index] as Buffer;
            if (between === 'told') await new Promise<void>((told) => void body.write(piece, told));
            else body.write(piece);
            const words = between === 'words' ? 'words' : '';
            whole += (said[index] as string) + words;
            if (between === 'words' || between === 'nothing') body.write(words);
            if (between === 'turn') await nextTurn();
            if (between === 'flush') body.flush();
          }
          whole += end ?? '';
          body.end(end);
        };
        expect(await ask()).toBe(whole);
        if (chunks.some(({ gap, between }) => gap !== '' || between !== 'none')) return;
        const raw = await text(talk('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'));
        const ending = end === 'the end' ? '7\r\nthe end\r\n0\r\n\r\n' : '0\r\n\r\n';
        expect(raw.slice(raw.indexOf('\r\n\r\n') + 4)).toBe(bytes + ending);
      }),
      { numRuns: 400 },
    );
  });

  it('answers a client that sends its next request before it has the first answer, one after the other', async () => {
    const bodies: ChunkedBody[] = [];
    answer = (body) => void bodies.push(body);
    const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
    const socket = talk(request + request.replace('Host', 'Connection: close\r\nHost'));
    while (bodies.length < 2) await nextTurn();
    const [first, second] = bodies as [ChunkedBody, ChunkedBody];
    for (const words of ['one', 'two']) {
      second.write(`second ${words}`);
      first.write(Buffer.from(`first ${words}`));
      await nextTurn();
    }
    first.end('first end');
    second.write('second late');
    second.end();
    const said = await text(socket);
    const order = [
      'first one',
      'first two',
      'first end',
      '0\r\n\r\n',
      'second one',
      'second two',
      'second late',
      '0\r\n\r\n',
    ];
    let at = -1;
    for (const words of order) {
      expect(said.indexOf(words, at + 1), words).toBeGreaterThan(at);
      at = said.indexOf(words, at + 1);
    }
  });

  it('sends an old client the bytes as they are', async () => {
    answer = (body) => {
      expect(body.framed).toBe(false);
      body.write('one ');
      body.write(Buffer.from('two '));
      body.end('three');
    };
    expect((await text(talk('GET / HTTP/1.0\r\n\r\n'))).split('\r\n\r\n')[1]).toBe('one two three');
  });

  it('tells of a slow client, and when it has caught up', async () => {
    const piece = Buffer.alloc(8000, 'x');
    let written = 0;
    const refused = new Promise<ChunkedBody>((found) => {
      answer = async (body) => {
        do {
          written += piece.length;
          await nextTurn();
        } while (body.write(piece));
        found(body);
      };
    });
    const socket = talk('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const body = await refused;
    const drained = new Promise<void>((resume) => {
      body.onDrain(resume);
    });
    const all = text(socket);
    await drained;
    body.end();
    expect((await all).match(/x/g)).toHaveLength(written);
  });

  it('sends what is pending before it is broken off', async () => {
    answer = async (body, response) => {
      body.write('first');
      await nextTurn();
      body.write('second');
      body.flush();
      response.socket?.destroySoon();
    };
    const said = await text(talk('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    expect(said).toContain('6\r\nsecond\r\n');
    expect(said).not.toContain('0\r\n\r\n');
  });
});
