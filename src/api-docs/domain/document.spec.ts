import { describe, expect, it } from 'vitest';
import { describePaths } from './document.js';
import { type Operation } from './operation.js';

const operation = (changes: Partial<Operation>): Operation => ({
  id: 'one',
  method: 'get',
  path: '/one',
  served: 'nest',
  tag: 'T',
  summary: 'S',
  access: 'open',
  responses: { 200: { description: 'ok' } },
  ...changes,
});
const bare = { operationId: 'Bare', responses: {} };

describe('describePaths', () => {
  it('lists a route that nobody has described', () => {
    expect(describePaths({ '/bare': { get: bare } }, [])).toEqual({ '/bare': { get: bare } });
  });

  it('leaves a description out whose route is not served', () => {
    expect(describePaths({}, [operation({})])).toEqual({});
  });

  it('describes what is served ahead of the controllers', () => {
    expect(describePaths({}, [operation({ served: 'front' })])['/one']?.['get']).toMatchObject({ operationId: 'one' });
  });

  it('gives aliases ids of their own', () => {
    const paths = describePaths({ '/one': { get: bare }, '/uno': { get: bare } }, [operation({ aliases: ['/uno'] })]);
    expect([paths['/one']?.['get']?.['operationId'], paths['/uno']?.['get']?.['operationId']]).toEqual([
      'one',
      'one_2',
    ]);
  });

  it('writes one route of a controller as several paths', () => {
    const served = { '/m/{rest}': { get: bare } };
    const paths = describePaths(served, [
      operation({ id: 'a', path: '/m/{key}', route: '/m/{rest}' }),
      operation({ id: 'b', path: '/m/s/{id}', route: '/m/{rest}' }),
    ]);
    expect(Object.keys(paths)).toEqual(['/m/{key}', '/m/s/{id}']);
    expect(paths['/m/{key}']?.['get']?.['parameters']).toEqual([
      { name: 'key', in: 'path', required: true, schema: { type: 'string' } },
    ]);
  });
});
