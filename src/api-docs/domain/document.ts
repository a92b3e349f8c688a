import { type Access, type Json, type Operation } from './operation.js';

/** Operations by path and method, as OpenAPI writes them. */
export type Paths = Record<string, Record<string, Json>>;

const SECURITY: Readonly<Record<Access, readonly Json[]>> = {
  open: [],
  client: [{ googleKey: [] }, { queryKey: [] }, { clientToken: [] }, {}],
  admin: [{ adminToken: [] }, { adminSession: [] }, {}],
  metrics: [{ metricsToken: [] }, { adminToken: [] }, { adminSession: [] }, {}],
};

/**
 * Puts the routes that controllers serve and what is written about them together: a route without
 * a description is listed all the same, and a description without its route is left out.
 */
export function describePaths(served: Paths, operations: readonly Operation[]): Paths {
  const paths: Paths = {};
  const covered = new Set<string>();
  for (const operation of operations) {
    const { method, path, aliases = [], route } = operation;
    [path, ...aliases].forEach((written, index) => {
      const at = route ?? written;
      if (operation.served === 'nest' && served[at]?.[method] === undefined) return;
      if (operation.served === 'nest') covered.add(`${method} ${at}`);
      (paths[written] ??= {})[method] = describe(operation, written, index);
    });
  }
  for (const [path, methods] of Object.entries(served)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (!covered.has(`${method} ${path}`)) (paths[path] ??= {})[method] = operation;
    }
  }
  return paths;
}

function describe(operation: Operation, path: string, alias: number): Json {
  const { id, tag, summary, description, access, parameters = [], requestBody, responses } = operation;
  const note = alias === 0 ? description : [`The same as \`${operation.path}\`.`, description].join(' ').trim();
  return {
    operationId: alias === 0 ? id : `${id}_${alias + 1}`,
    tags: [tag],
    summary,
    ...(note === undefined ? {} : { description: note }),
    security: SECURITY[access],
    parameters: [...pathParameters(path, parameters), ...parameters],
    ...(requestBody === undefined ? {} : { requestBody }),
    responses,
  };
}

/** Values to try an operation with. */
const EXAMPLES: Readonly<Record<string, Json>> = { model: { example: 'gemini-2.5-flash' }, id: { example: 'demo' } };

/** Parameters of the path that nobody has described. */
function pathParameters(path: string, described: readonly Json[]): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !described.some((known) => known['in'] === 'path' && known['name'] === name))
    .map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' }, ...EXAMPLES[name] }));
}
