import { type HrTime, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, type DataPoint, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { type Family, type FamilyValue, type Snapshot } from '../domain/push/family.js';

/** Metrics that OpenTelemetry has a name of its own for. (The conventions for GenAI are in development: names live here.) */
const NAMES: Readonly<Record<string, string>> = {
  gen_ai_client_operation_duration_seconds: 'gen_ai.client.operation.duration',
  gen_ai_client_operation_time_to_first_chunk_seconds: 'gen_ai.client.operation.time_to_first_chunk',
  gen_ai_client_operation_time_per_output_chunk_seconds: 'gen_ai.client.operation.time_per_output_chunk',
  gen_ai_client_token_usage: 'gen_ai.client.token.usage',
};

/** Labels of those metrics, which Prometheus writes without dots. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  gen_ai_operation_name: 'gen_ai.operation.name',
  gen_ai_provider_name: 'gen_ai.provider.name',
  gen_ai_request_model: 'gen_ai.request.model',
  gen_ai_response_model: 'gen_ai.response.model',
  gen_ai_token_type: 'gen_ai.token.type',
  server_address: 'server.address',
  server_port: 'server.port',
  error_type: 'error.type',
};

/** Units by how a name ends before `_total`; OpenTelemetry writes them in UCUM. */
const UNITS = [
  ['_seconds', 's'],
  ['_bytes', 'By'],
] as const;

type Values = readonly FamilyValue[];

/** A snapshot as metrics of OpenTelemetry, cumulative since `startedAt` (wall clock, ms since the epoch). */
export function otlpMetrics({ at, families }: Snapshot, startedAt: number): MetricData[] {
  const times = { startTime: hrTime(startedAt), endTime: hrTime(at) };
  // Nothing of the node is a summary; prom-client's own parts have none either.
  return families.filter(({ type }) => type !== 'summary').map((family) => metric(family, times));
}

type Times = Pick<DataPoint<number>, 'startTime' | 'endTime'>;

function metric(family: Family, times: Times): MetricData {
  const base = {
    descriptor: {
      name: NAMES[family.name] ?? family.name,
      description: family.help,
      unit: family.name === 'gen_ai_client_token_usage' ? '{token}' : unitOf(family.name),
      valueType: ValueType.DOUBLE,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const conventional = NAMES[family.name] !== undefined;
  if (family.type === 'histogram') {
    const dataPoints = histograms(family).map(({ labels, value }) => ({
      ...times,
      attributes: attributes(labels, conventional),
      value,
    }));
    return { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints };
  }
  const dataPoints = family.values.map(({ labels, value }) => ({
    ...times,
    attributes: attributes(labels, conventional),
    value,
  }));
  return family.type === 'counter'
    ? { ...base, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
    : { ...base, dataPointType: DataPointType.GAUGE, dataPoints };
}

interface HistogramOfLabels {
  readonly labels: FamilyValue['labels'];
  readonly value: { buckets: { boundaries: number[]; counts: number[] }; sum: number; count: number };
}

/** Prometheus has a value for each bucket, which counts all below it too; OpenTelemetry one for all, in which they do not overlap. */
function histograms({ name, values }: Family): HistogramOfLabels[] {
  const byLabels = new Map<string, { labels: FamilyValue['labels']; values: FamilyValue[] }>();
  for (const value of values) {
    const own = Object.entries(value.labels).filter(([name]) => name !== 'le');
    const labels = Object.fromEntries(own);
    const key = JSON.stringify(own.sort());
    const of = byLabels.get(key) ?? { labels, values: [] };
    byLabels.set(key, of);
    of.values.push(value);
  }
  return [...byLabels.values()].map(({ labels, values: own }) => ({ labels, value: histogram(name, own) }));
}

function histogram(name: string, values: Values): HistogramOfLabels['value'] {
  const partOf = (part: string): number =>
    values.find(({ metricName }) => metricName === `${name}_${part}`)?.value ?? 0;
  const buckets = values
    .filter(({ metricName }) => metricName === `${name}_bucket`)
    .map(({ labels, value }) => ({ bound: labels['le'] === '+Inf' ? Infinity : Number(labels['le']), value }))
    .sort((a, b) => a.bound - b.bound);
  return {
    buckets: {
      boundaries: buckets.map(({ bound }) => bound).filter((bound) => bound !== Infinity),
      counts: buckets.map(({ value }, index) => value - (buckets[index - 1]?.value ?? 0)),
    },
    sum: partOf('sum'),
    count: partOf('count'),
  };
}

function attributes(labels: FamilyValue['labels'], conventional: boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [
      conventional ? (ATTRIBUTES[name] ?? name) : name,
      value === undefined ? '' : String(value),
    ]),
  );
}

function unitOf(name: string): string {
  const bare = name.replace(/_total$/, '');
  return UNITS.find(([suffix]) => bare.endsWith(suffix))?.[1] ?? '';
}

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
}
