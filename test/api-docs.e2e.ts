import { type Express } from 'express';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { answerRequest } from '../src/gemini/answer/answer-request.js';
import { ERROR_CODES } from '../src/kernel/error-codes.js';
import { FAULT_KINDS } from '../src/simulator/fault.schema.js';
import { FAULT_PRESETS } from '../src/simulator/index.js';
import { bootNode, type Stage } from './support/boot.js';

type Json = Record<string, unknown>;
interface Operation {
  operationId: string;
  summary?: string;
  tags: string[];
  parameters?: { name?: string; in?: string; $ref?: string }[];
  security: Record<string, string[]>[];
  responses: Record<string, Json>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  tags: { name: string }[];
  components: { schemas: Record<string, Json>; securitySchemes: Json };
}

const TRUE_OF_MODELS = [
  'post /v1beta/models/{model}:generateContent',
  'post /v1/models/{model}:generateContent',
  'post /v1beta/models/{model}:streamGenerateContent',
  'post /v1beta/models/{model}:countTokens',
  'post /v1beta/models/{model}:embedContent',
  'post /v1beta/models/{model}:batchEmbedContents',
  'get /v1beta/models',
  'get /v1beta/models/{model}',
  'post /upload/{rest}',
  'post /v1/chat/completions',
  'post /v1beta/openai/chat/completions',
  'post /v1/embeddings',
  'get /v1/models',
  'get /v1/models/{model}',
];

let node: Stage['node'];
let document: Document;
let operations: [string, Operation][];
beforeAll(async () => {
  ({ node } = await bootNode({ GEMINI_UPSTREAM: 'simulator' }));
  document = (await (await fetch(`${node.url}/openapi.json`)).json()) as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );
});
afterAll(() => node.drain());

const call = async (method: string, path: string, body?: unknown, headers: Json = {}): Promise<unknown> => {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(node.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
    ...sent,
  });
  return response.json();
};

describe('/openapi.json', () => {
  it('lists the calls to models, which Nest does not know', () => {
    expect(operations.map(([name]) => name)).toEqual(expect.arrayContaining(TRUE_OF_MODELS));
  });

  it('lists every route that Nest has registered', () => {
    const express: Express = node.app.getHttpAdapter().getInstance();
    const layers = express.router.stack as unknown as { route?: { path: string; methods: Record<string, boolean> } }[];
    const routes = layers
      .flatMap(({ route }) => (route === undefined ? [] : [route]))
      // What serves the documents themselves, and what pages are made of.
      .filter(({ path }) => !/^\/(docs(?!\/errors$)|openapi\.json|assets\/)|splat/.test(path));
    expect(routes.length).toBeGreaterThan(15);
    const listed = operations.map(([name]) => name);
    for (const { path, methods } of routes) {
      for (const method of Object.keys(methods)) {
        const expected = path === '/memory/*rest' ? '/memory/{key}' : path.replace(/:(\w+)/g, '{$1}');
        expect(listed).toContain(`${method} ${expected}`);
      }
    }
  });

  it('has words for every operation', () => {
    const silent = operations.filter(([, { summary }]) => summary === undefined).map(([name]) => name);
    expect(silent, 'describe them in src/api-docs/operations').toEqual([]);
    const known = document.tags.map(({ name }) => name);
    for (const [, { tags }] of operations) for (const tag of tags) expect(known).toContain(tag);
  });

  it('is OpenAPI 3.1 in its structure', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [name, { responses, parameters = [], security }] of operations) {
      expect(Object.keys(responses).length, name).toBeGreaterThan(0);
      for (const [status, response] of Object.entries(responses)) {
        expect(status, name).toMatch(/^([1-5]\d\d|[45]XX|default)$/);
        expect(typeof (response['description'] ?? response['$ref']), name).toBe('string');
      }
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter).sort();
      const declared = parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
      expect(declared.sort(), name).toEqual(inPath);
      for (const scheme of security.flatMap((one) => Object.keys(one))) {
        expect(document.components.securitySchemes, name).toHaveProperty(scheme);
      }
    }
  });

  it('refers to nothing that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.length).toBeGreaterThan(50);
    for (const path of new Set(references)) {
      const target = path.split('/').reduce<unknown>((at, step) => (at as Json | undefined)?.[step], document);
      expect(target, path).toBeDefined();
    }
  });
});

describe('the shapes it describes', () => {
  const problemsOf = (name: string, value: unknown): unknown => {
    const definitions = JSON.parse(
      JSON.stringify(document.components.schemas).replaceAll('#/components/schemas/', '#/$defs/'),
    ) as Json;
    const schema = z.fromJSONSchema({ $ref: `#/$defs/${name}`, $defs: definitions } as never);
    return schema.safeParse(value).error?.issues;
  };

  it('are those of the answers', async () => {
    // The store opens while the node already serves.
    await vi.waitFor(async () => {
      expect(await call('POST', '/memory', { key: 'a', value: 'b' })).toHaveProperty('status', 'SUCCESS');
    });
    const json = { accept: 'application/json' };
    const cases: [string, unknown][] = [
      ['Answer', await call('POST', '/api/v6/stream', { message: 'Hello', session_id: 's' }, json)],
      ['Health', await call('GET', '/health')],
      ['Probe', await call('GET', '/health/live')],
      ['Metrics', await call('GET', '/metrics')],
      ['HealPlan', await call('GET', '/self/heal/plan')],
      ['HealRun', await call('POST', '/self/heal')],
      ['Diagnosis', await call('GET', '/self/diagnosis')],
      ['Overview', await call('GET', '/self/overview')],
      ['RecentMetrics', await call('GET', '/metrics/recent')],
      ['Circuit', ((await call('GET', '/self/circuits')) as { circuits: unknown[] }).circuits[0]],
      ['HealRunPage', await call('GET', '/self/heal/runs')],
      ['JournalPage', await call('GET', '/self/journal')],
      ['MemoryDone', await call('POST', '/memory', { key: 'c', value: 'd' })],
      ['MemoryPage', await call('GET', '/memory')],
      ['MemoryItem', await call('GET', '/memory/a')],
      ['Session', await call('GET', '/memory/sessions/s')],
      ['FaultReport', await call('PUT', '/self/simulator/faults', { preset: 'slow', duration: '1ms' })],
      ['FaultReport', await call('DELETE', '/self/simulator/faults')],
      ['Problem', await call('GET', '/memory/nothing')],
      ['GeminiError', await call('POST', '/v1beta/models/none:generateContent', {})],
      ['OpenAIError', await call('POST', '/v1/chat/completions', {})],
    ];
    for (const [name, value] of cases)
      expect({ name, problems: problemsOf(name, value), value }).toMatchObject({ problems: undefined });
  });

  it('tell a wrong answer from a right one', () => {
    expect(problemsOf('Health', { status: 'healthy' })).toBeDefined();
  });

  it('ask for what the node asks for', () => {
    const asked = z.toJSONSchema(answerRequest, { io: 'input' }) as { properties: Record<string, Json> };
    const described = document.components.schemas['AnswerRequest'] as { properties: Record<string, Json> };
    expect(Object.keys(described.properties)).toEqual(Object.keys(asked.properties));
    for (const [name, schema] of Object.entries(asked.properties)) {
      expect(described.properties[name], name).toMatchObject(schema);
    }
  });

  it('know every fault and every preset of the simulator', () => {
    const text = JSON.stringify(document.components.schemas);
    expect(text).toContain(`"kind":{"enum":${JSON.stringify(FAULT_KINDS)}}`);
    expect(text).toContain(`"preset":{"enum":${JSON.stringify(FAULT_PRESETS)}}`);
  });
});

describe('/docs', () => {
  it('needs nothing from elsewhere', async () => {
    const response = await fetch(`${node.url}/docs`);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';");
    const html = await response.text();
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const answer = await fetch(new URL(file, response.url));
      expect(new URL(file, response.url).origin).toBe(node.url);
      expect(answer.status, file).toBe(200);
      await answer.body?.cancel();
    }
    const start = await (await fetch(`${node.url}/docs/swagger-ui-init.js`)).text();
    expect(start).toContain('"validatorUrl": null');
  });

  it('is not served in production unless it is asked for', async () => {
    const production = { NODE_ENV: 'production', GEMINI_API_KEY: 'a-key-of-gemini', ADMIN_TOKEN: 'token' };
    for (const [env, status] of [
      [production, 404],
      [{ ...production, DOCS_ENABLED: 'true' }, 200],
    ] as const) {
      const other = await bootNode(env);
      for (const path of ['/docs', '/openapi.json']) {
        expect((await fetch(other.node.url + path)).status, path).toBe(status);
      }
      expect((await fetch(`${other.node.url}/docs/errors`)).status).toBe(200);
      await other.node.drain();
    }
  });
});

describe('/docs/errors', () => {
  it('has a heading with an anchor for every code', async () => {
    const html = await (await fetch(`${node.url}/docs/errors`)).text();
    for (const code of Object.keys(ERROR_CODES)) {
      expect(html).toContain(`<h2 id="${code.toLowerCase()}"><code>${code}</code></h2>`);
    }
    expect(html.match(/<h2 /g)).toHaveLength(Object.keys(ERROR_CODES).length);
  });

  it('is where a problem leads', async () => {
    const { type } = (await call('GET', '/nothing/here')) as { type: string };
    const { pathname, hash } = new URL(type, node.url);
    const html = await (await fetch(node.url + pathname)).text();
    expect(html).toContain(` id="${hash.slice(1)}"`);
  });

  it('keeps the rules of the first page', async () => {
    const response = await fetch(`${node.url}/docs/errors`);
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(await response.text()).not.toMatch(/<style|<script(?! src="\/assets\/)|\sstyle="|\son\w+="/);
  });
});
