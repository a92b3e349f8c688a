import { afterEach, describe, expect, it } from 'vitest';
import { CHAT, LimitedStage, NATIVE } from './support/limited-stage.js';

const OWN_KEY = { GEMINI_API_KEY: 'key-of-the-node' };

let node: LimitedStage;
afterEach(() => node.stage.close());

describe('who counts as one client', () => {
  it('where clients bring their keys: each key, in whatever slot it comes', async () => {
    node = await LimitedStage.set(2);
    expect(await node.status('/v1beta/models', { 'x-goog-api-key': 'key-one' })).toBe(200);
    expect(await node.status('/v1beta/models?key=key-one')).toBe(200);
    expect(await node.status('/v1/models', { authorization: 'Bearer key-one' })).toBe(429);
    expect(await node.status('/memory?key=key-one')).toBe(429);
    expect(await node.status('/v1/models', { authorization: 'Bearer key-two' })).toBe(200);
    // What would not go upstream makes no other client.
    expect(
      await node.status('/v1beta/models', { 'x-goog-api-key': 'key-one', authorization: 'Bearer key-three' }),
    ).toBe(429);
  });

  it('and an address with a new key for every request has ten limits and no more', async () => {
    node = await LimitedStage.set(3);
    expect(await node.passed(45, '/memory/x', (i) => ({ 'x-goog-api-key': `made-up-${i}` }))).toBe(30);
    const response = await node.send(NATIVE, { 'x-goog-api-key': 'yet-another' });
    expect(response.headers.get('ratelimit-policy')).toBe('"address";q=30;w=3600');
    expect(await response.text()).toContain('This address, with all its keys, has used up its limit of 30 requests');
    expect(await node.metric('l104_rate_limit_clients')).toBe(30);
  });

  it('but a client beyond its own limit uses up nothing of its neighbours’', async () => {
    node = await LimitedStage.set(3);
    expect(await node.passed(60, '/memory/x', () => ({ 'x-goog-api-key': 'greedy' }))).toBe(3);
    expect(await node.passed(3, '/memory/x', () => ({ 'x-goog-api-key': 'modest' }))).toBe(3);
  });

  it('where the node has keys of its own and asks for none: the address, whatever keys it sends', async () => {
    node = await LimitedStage.set(4, OWN_KEY);
    expect(await node.passed(12, NATIVE, (i) => ({ 'x-goog-api-key': `made-up-${i}` }))).toBe(4);
    expect(await node.passed(4, '/memory/x', (i) => ({ authorization: `Bearer made-up-${i}` }))).toBe(0);
    expect(await node.passed(4, `/v1beta/models?key=made-up`, () => ({}))).toBe(0);
  });

  it('where client keys are configured: the key that is one, and for all else the address', async () => {
    node = await LimitedStage.set(3, { ...OWN_KEY, CLIENT_API_KEYS: 'key-of-team-a,key-of-team-b' });
    const refused: number[] = [];
    for (let i = 0; i < 8; i++) refused.push(await node.status(NATIVE, { 'x-goog-api-key': `guess-${i}` }));
    expect(refused).toEqual([401, 401, 401, 429, 429, 429, 429, 429]);
    expect(await node.status('/memory/x', { 'x-goog-api-key': 'guess' })).toBe(429);
    // Who has a key does not suffer from guesses at the same address.
    expect(await node.passed(5, '/v1beta/models', () => ({ 'x-goog-api-key': 'key-of-team-a' }))).toBe(3);
    // A key is not made another by what comes with it.
    expect(
      await node.passed(5, '/memory/x', (i) => ({ 'x-goog-api-key': `x-${i}`, authorization: 'Bearer key-of-team-b' })),
    ).toBe(3);
    expect(await node.metric('l104_rate_limit_clients')).toBe(3);
  });

  it('behind a trusted proxy: the address it names, of IPv6 the network', async () => {
    node = await LimitedStage.set(2, { ...OWN_KEY, TRUST_PROXY: 'loopback' });
    const from = (address: string) => () => ({ 'x-forwarded-for': address });
    expect(await node.passed(4, NATIVE, from('203.0.113.7'))).toBe(2);
    expect(await node.passed(4, '/memory/x', from('::ffff:203.0.113.7'))).toBe(0);
    expect(await node.passed(4, '/memory/x', from('203.0.113.8'))).toBe(2);
    // What a client writes itself stands further left.
    expect(await node.passed(4, '/memory/x', (i) => ({ 'x-forwarded-for': `198.51.100.${i}, 203.0.113.8` }))).toBe(0);
    expect(await node.passed(6, '/memory/x', (i) => ({ 'x-forwarded-for': `2001:db8:1:2::${i}` }))).toBe(2);
    expect(await node.passed(2, '/memory/x', from('2001:db8:1:3::1'))).toBe(2);
    expect(await node.passed(4, '/memory/x', (i) => ({ 'x-forwarded-for': `unknown-${i}` }))).toBe(2);
  });

  it('without one nobody believes what a client says of its address', async () => {
    node = await LimitedStage.set(2, OWN_KEY);
    expect(
      await node.passed(6, '/memory/x', (i) => ({ 'x-forwarded-for': `203.0.113.${i}`, forwarded: `for=1.2.3.${i}` })),
    ).toBe(2);
  });
});

describe('what a refusal costs', () => {
  it('is told before the body is there, and nothing of it is parsed', async () => {
    node = await LimitedStage.set(1);
    await node.status(NATIVE);
    for (const path of [NATIVE, CHAT, '/memory', '/api/v6/stream', '/upload/v1beta/files']) {
      const head = await node.answerTo(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nauthorization: Bearer a-key-of-mine\r\ncontent-type: application/json\r\ncontent-length: 100000000\r\n\r\n{"not json`,
      );
      expect(head, path).toMatch(/^HTTP\/1\.1 429 /);
    }
    expect(await node.metric('l104_body_memory_bytes')).toBe(0);
  });

  it('is met under every address that a route answers to', async () => {
    node = await LimitedStage.set(1);
    await node.status(NATIVE);
    const written = ['/memory/', '/MEMORY', '/memory//a', '/memory?item=a', 'http://elsewhere.invalid/memory/a'];
    for (const path of [...written, '/api/V6/stream', '/API/stream/', 'http://elsewhere.invalid/api/stream']) {
      const method = path.includes('memory') || path.includes('MEMORY') ? 'GET' : 'POST';
      const head = await node.answerTo(
        `${method} ${path} HTTP/1.1\r\nHost: x\r\nauthorization: Bearer a-key-of-mine\r\ncontent-length: 0\r\n\r\n`,
      );
      expect(head, path).toMatch(/^HTTP\/1\.1 429 /);
    }
    // This is the address of nothing.
    expect(await node.status('/%6Demory/a')).toBe(404);
  });

  it('does not let a refused client hold its connection by sending nothing', async () => {
    node = await LimitedStage.set(1, { REQUEST_RECEIVE_TIMEOUT: '1s' });
    await node.status(NATIVE);
    for (const path of [NATIVE, '/memory']) {
      const began = performance.now();
      await node.answerTo(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nauthorization: Bearer a-key-of-mine\r\ncontent-length: 10\r\n\r\n`,
        true,
      );
      expect(performance.now() - began, path).toBeGreaterThan(500);
    }
  });

  it('keeps the connection of a client that sends all of its body', async () => {
    node = await LimitedStage.set(1);
    await node.status(NATIVE);
    const one =
      'POST /memory HTTP/1.1\r\nHost: x\r\nauthorization: Bearer a-key-of-mine\r\ncontent-length: 10\r\n\r\n0123456789';
    const last = one.replace('Host: x', 'Host: x\r\nconnection: close');
    const answers = await node.answerTo(one + one + last, true);
    expect(answers.match(/HTTP\/1\.1 429 /g)).toHaveLength(3);
  });
});
