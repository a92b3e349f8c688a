import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { MetricsRegistry } from '../src/metrics/index.js';
import { type Stage, setStage } from './support/boot.js';
import { PushReceiver } from './support/push-receiver.js';

interface OtlpMetric {
  name: string;
  unit: string;
  sum?: { isMonotonic: boolean; dataPoints: OtlpPoint[] };
  gauge?: { dataPoints: OtlpPoint[] };
  histogram?: { dataPoints: OtlpPoint[] };
}
interface OtlpPoint {
  attributes: { key: string; value: { stringValue: string } }[];
  asDouble?: number;
  startTimeUnixNano: string;
  timeUnixNano: string;
  count?: number | string;
  sum?: number;
  bucketCounts?: (number | string)[];
  explicitBounds?: number[];
}
interface OtlpBody {
  resourceMetrics: {
    resource: { attributes: { key: string; value: { stringValue: string } }[] };
    scopeMetrics: { metrics: OtlpMetric[] }[];
  }[];
}

let stage: Stage | undefined;
let receiver: PushReceiver;
let address: string;
beforeAll(async () => {
  receiver = new PushReceiver();
  address = await receiver.listen();
});
afterEach(async () => {
  receiver.status = 200;
  await stage?.close();
  stage = undefined;
  receiver.received.length = 0;
});
afterAll(() => receiver.close());

const call = async (): Promise<void> => {
  const response = await fetch(`${stage!.node.url}/v1beta/models/gemini-2.5-flash:generateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
    body: '{"contents":[{"parts":[{"text":"Hello"}]}]}',
  });
  expect(response.status).toBe(200);
  await response.text();
};
const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000, interval: 50 });
const pushes = async (result: string): Promise<number> => {
  const { body } = await stage!.node.app.get(MetricsRegistry).expose('text');
  return Number(
    new RegExp(`l104_metrics_pushes_total\\{target="[a-z_]+",result="${result}"\\} (\\d+)`).exec(body)?.[1],
  );
};
const events = (event: string): number => stage!.log.filter((line) => line['event'] === event).length;

describe('metrics over OTLP', () => {
  it('are the numbers of the exposition, with the names and the identity that the standard gives them', async () => {
    stage = await setStage({
      OTEL_EXPORTER_OTLP_ENDPOINT: address,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-the-collector',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=node-7,deployment.environment.name=test',
    });
    // What others add for GenAI has names of its own there.
    const { registry } = { registry: stage.node.app.get(MetricsRegistry) };
    const known = (await registry.families()).some(({ name }) => name === 'gen_ai_client_token_usage');
    if (!known) {
      registry
        .histogram({
          name: 'gen_ai_client_token_usage',
          help: 'Tokens.',
          labelNames: ['gen_ai_token_type'],
          buckets: [1, 4],
        })
        .observe({ gen_ai_token_type: 'input' }, 3);
    }
    for (let n = 0; n < 3; n++) await call();
    const metrics = await eventually(() => {
      const { url, headers, body } = receiver.received.at(-1)!;
      expect(url).toBe('/v1/metrics');
      expect(headers).toMatchObject({ authorization: 'Bearer of-the-collector', 'content-type': 'application/json' });
      const [resource] = (JSON.parse(body.toString()) as OtlpBody).resourceMetrics;
      const attributes = resource!.resource.attributes.map(({ key, value }) => [key, value.stringValue]);
      expect(Object.fromEntries(attributes)).toMatchObject({
        'service.name': 'l104-node',
        'service.instance.id': 'node-7',
        'deployment.environment.name': 'test',
      });
      const byName = new Map(resource!.scopeMetrics[0]!.metrics.map((metric) => [metric.name, metric]));
      const requests = byName.get('l104_requests_total')?.sum;
      expect(requests?.isMonotonic).toBe(true);
      const ofGemini = requests?.dataPoints.find(({ attributes: all }) =>
        all.some(({ value }) => value.stringValue === 'gemini'),
      );
      expect(ofGemini?.asDouble).toBe(3);
      expect(BigInt(ofGemini!.timeUnixNano)).toBeGreaterThan(BigInt(ofGemini!.startTimeUnixNano));
      return byName;
    });
    const [duration] = metrics
      .get('l104_request_duration_seconds')!
      .histogram!.dataPoints.filter(({ count }) => Number(count) > 0);
    expect(metrics.get('l104_request_duration_seconds')!.unit).toBe('s');
    expect(Number(duration!.count)).toBe(3);
    expect(duration!.bucketCounts!.map(Number).reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(duration!.bucketCounts).toHaveLength(duration!.explicitBounds!.length + 1);
    expect(metrics.get('l104_build_info')!.gauge!.dataPoints[0]!.asDouble).toBe(1);
    const tokens = metrics.get('gen_ai.client.token.usage');
    expect(tokens?.unit).toBe('{token}');
    expect(tokens?.histogram?.dataPoints[0]?.attributes.map(({ key }) => key)).toContain('gen_ai.token.type');
    expect(JSON.stringify([...metrics])).not.toContain('gen_ai_');
  });

  it('go as protobuf unless something else is said, and a last time at shutdown', async () => {
    stage = await setStage({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${address}/own/path` });
    await call();
    await stage.close();
    stage = undefined;
    const [only] = receiver.received;
    expect(only).toMatchObject({ url: '/own/path', headers: { 'content-type': 'application/x-protobuf' } });
    expect(only!.body.includes('l104_requests_total')).toBe(true);
  });

  it('are not pushed where that is switched off', async () => {
    for (const off of [
      { OTEL_SDK_DISABLED: 'true' },
      { OTEL_METRICS_EXPORTER: 'none' },
      { OTEL_METRICS_EXPORTER: 'prometheus' },
    ]) {
      stage = await setStage({ OTEL_EXPORTER_OTLP_ENDPOINT: address, ...off });
      expect(events('metrics_push_started')).toBe(0);
      await stage.close();
    }
    stage = undefined;
    expect(receiver.received).toEqual([]);
  });

  it('wait for nobody: with a collector that never answers calls are served and the node leaves', async () => {
    receiver.status = 'frozen';
    stage = await setStage({ OTEL_EXPORTER_OTLP_ENDPOINT: address, OTEL_METRIC_EXPORT_INTERVAL: '100' });
    await eventually(() => {
      expect(receiver.received.length).toBeGreaterThan(0);
    });
    for (let n = 0; n < 3; n++) await call();
    // Of what cannot be sent only a few are kept.
    await eventually(async () => {
      expect(await pushes('dropped')).toBeGreaterThan(2);
    });
    const begun = performance.now();
    await stage.close();
    stage = undefined;
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
