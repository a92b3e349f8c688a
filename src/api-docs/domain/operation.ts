import { ERROR_CODES, type ErrorCode } from '../../kernel/error-codes.js';

/** A piece of an OpenAPI document. */
export type Json = Readonly<Record<string, unknown>>;

/** Who may call an operation. */
export type Access = 'open' | 'client' | 'admin' | 'metrics';

/** An operation of the API as it is described. */
export interface Operation {
  /** Unique; the name that code generators give the call. */
  readonly id: string;
  readonly method: 'get' | 'put' | 'post' | 'patch' | 'delete';
  readonly path: string;
  /** Other paths that do the same. */
  readonly aliases?: readonly string[];
  /** `nest`: described only when a controller serves it; `front`: served ahead of Nest, always there. */
  readonly served: 'nest' | 'front';
  /** The path as the controller has it, where it is written in another way. */
  readonly route?: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Json;
}

/** A reference to a shape of the document. */
export function shape(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

/** A reference to a request header or parameter of the document. */
export function parameter(name: string): Json {
  return { $ref: `#/components/parameters/${name}` };
}

/** Content of one media type with an example. */
export function content(type: string, schema: Json, example?: unknown): Json {
  return { [type]: example === undefined ? { schema } : { schema, example } };
}

/** A request body in JSON. */
export function jsonBody(schema: Json, examples: Readonly<Record<string, unknown>>, required = true): Json {
  const named = Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
  return { required, content: { 'application/json': { schema, examples: named } } };
}

/** A successful answer with the headers that every answer has. */
export function answer(description: string, body: Json | undefined, headers: readonly string[] = []): Json {
  const names = ['x-request-id', 'traceparent', 'x-l104-upstream', ...headers];
  const described = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
  return { description, headers: described, ...(body === undefined ? {} : { content: body }) };
}

/** Error answers of the node's own routes, from the codes they can carry. */
export function problems(...codes: readonly ErrorCode[]): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes)
    byStatus.set(ERROR_CODES[code].status, [...(byStatus.get(ERROR_CODES[code].status) ?? []), code]);
  return Object.fromEntries([...byStatus].map(([status, list]) => [String(status), problem(list)]));
}

function problem(codes: readonly ErrorCode[]): Json {
  const description = codes
    .map((code) => `[${code}](/docs/errors#${code.toLowerCase()}): ${ERROR_CODES[code].title}.`)
    .join(' ');
  return answer(description, content('application/problem+json', shape('Problem')));
}
