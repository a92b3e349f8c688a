import { answer, content, type Json, type Operation, problems, shape } from '../domain/operation.js';

const HEALTH = { method: 'get', served: 'nest', tag: 'Health', access: 'open' } as const;
const METRICS = { method: 'get', served: 'nest', tag: 'Metrics', access: 'metrics' } as const;
const PAGES = { method: 'get', served: 'nest', tag: 'Pages', access: 'open' } as const;
const json = (name: string): Json => content('application/json', shape(name));
const probe = (well: string): Json => ({
  200: answer(well, json('Probe')),
  503: answer('Not so now; the details say why.', json('Probe')),
});
const exposition = {
  ...content(
    'text/plain',
    { type: 'string' },
    '# TYPE l104_requests_total counter\nl104_requests_total{route="gemini",status="200"} 3\n',
  ),
  ...content('application/openmetrics-text', { type: 'string' }),
};
const historyParameters = [
  ['series', 'Names with commas between them.', 'requests,latency_p95'],
  ['from', 'When it begins: ISO 8601, or seconds since 1970. An hour before `to` when absent.', '2026-01-31T08:00:00Z'],
  ['to', 'When it ends; now when absent.', '1769850000'],
  ['step', 'Time between two points, a multiple of 10 s; chosen for some hundreds of points when absent.', '1m'],
].map(([name, description, example]) => ({ name, in: 'query', description, schema: { type: 'string' }, example }));
const page = content('text/html', { type: 'string' });

/** Health, metrics and pages: what operators and orchestrators ask. */
export const operatorOperations: readonly Operation[] = [
  {
    ...HEALTH,
    id: 'getHealth',
    path: '/health',
    aliases: ['/healthz'],
    summary: 'Tells how the node is, in one word and one sentence',
    responses: {
      200: answer('Healthy or degraded: requests are served.', json('Health')),
      503: answer('Unhealthy: requests fail.', json('Health')),
    },
  },
  {
    ...HEALTH,
    id: 'isLive',
    path: '/health/live',
    aliases: ['/livez'],
    summary: 'Whether this process makes progress',
    description: 'Asks nothing but the process itself. Restart the node when it does not answer.',
    responses: probe('It does.'),
  },
  {
    ...HEALTH,
    id: 'isReady',
    path: '/health/ready',
    aliases: ['/readyz'],
    summary: 'Whether the node should get traffic',
    description:
      'Not while it starts or drains, nor while something it needs is missing. An outage of Gemini is no reason.',
    responses: probe('It should.'),
  },
  {
    ...HEALTH,
    id: 'isStarted',
    path: '/health/startup',
    aliases: ['/startupz'],
    summary: 'Whether the node has started',
    responses: probe('It has.'),
  },
  {
    ...METRICS,
    id: 'getMetrics',
    path: '/metrics',
    summary: 'The figures, as JSON or for Prometheus',
    description:
      'JSON, unless `Accept` names `text/plain`, `application/openmetrics-text` or protobuf: then text for Prometheus.',
    responses: {
      200: answer('The figures since the start.', { ...json('Metrics'), ...exposition }),
      ...problems('UNAUTHENTICATED'),
    },
  },
  {
    ...METRICS,
    id: 'getPrometheusMetrics',
    path: '/metrics/prometheus',
    summary: 'The figures for Prometheus, whatever is accepted',
    responses: { 200: answer('The figures since the start.', exposition), ...problems('UNAUTHENTICATED') },
  },
  {
    ...METRICS,
    id: 'getMetricsHistory',
    path: '/metrics/history',
    summary: 'How the figures came to be what they are',
    description:
      'Series over time, over restarts of the node too. Without `series` the list of them. What is not known (the node did not run, or nothing was asked of it) is null, never zero.',
    parameters: historyParameters,
    responses: {
      200: answer(
        'The series, a point for each step, or the list of them.',
        content('application/json', { oneOf: [shape('MetricsHistory'), shape('MetricsHistoryList')] }),
      ),
      ...problems('BAD_REQUEST', 'UNAUTHENTICATED'),
    },
  },
  {
    ...METRICS,
    id: 'getRecentMetrics',
    path: '/metrics/recent',
    summary: 'What the last five minutes were like',
    description:
      'Series of the history over the last five minutes to the moment of asking, and the last hour by the minute, from the memory of the process that answers. What is not known is null, never zero.',
    parameters: historyParameters.filter(({ name }) => name === 'series'),
    responses: {
      200: answer('The figures and their lines.', json('RecentMetrics')),
      ...problems('BAD_REQUEST', 'UNAUTHENTICATED'),
    },
  },
  {
    ...PAGES,
    id: 'getFirstPage',
    path: '/',
    summary: 'The first page',
    description: 'A page for a browser, one line of text for everybody else.',
    responses: {
      200: answer('The state of the node now.', {
        ...page,
        ...content(
          'text/plain',
          { type: 'string' },
          'L104 Node 0.1.0 · Healthy. 3 requests in the last 5 minutes, all answered. · upstream: simulator · docs: /docs\n',
        ),
      }),
    },
  },
  {
    ...PAGES,
    id: 'getErrorCodes',
    path: '/docs/errors',
    summary: 'Every error code of the node and what to do',
    description: 'The address that `type` of a problem leads to.',
    responses: { 200: answer('A page with a heading for each code.', page) },
  },
];
