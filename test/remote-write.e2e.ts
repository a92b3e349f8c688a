import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { MetricsRegistry } from '../src/metrics/index.js';
import { type Stage, setStage } from './support/boot.js';
import { PushReceiver } from './support/push-receiver.js';
import { hasTool } from './support/tool.js';

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

describe('remote-write', () => {
  const settings = (): Record<string, string> => ({
    PROMETHEUS_REMOTE_WRITE_URL: `${address}/api/v1/write`,
    PROMETHEUS_REMOTE_WRITE_INTERVAL: '100ms',
    PROMETHEUS_REMOTE_WRITE_TOKEN: 'a-secret-token',
  });

  it('comes back to a receiver that was not there, in order, and tells of it once', async () => {
    receiver.status = 503;
    stage = await setStage(settings());
    await eventually(async () => {
      expect(await pushes('failed')).toBeGreaterThan(1);
    });
    const attempts = receiver.received.length;
    // The same one, again.
    expect(new Set(receiver.received.map(({ body }) => body.toString('hex'))).size).toBe(1);
    receiver.status = 200;
    await eventually(async () => {
      expect(await pushes('ok')).toBeGreaterThan(3);
    });
    expect(receiver.received.length).toBeGreaterThan(attempts + 3);
    expect(receiver.received[0]!.headers).toMatchObject({
      authorization: 'Bearer a-secret-token',
      'content-encoding': 'snappy',
      'content-type': 'application/x-protobuf',
      'x-prometheus-remote-write-version': '0.1.0',
    });
    expect([events('metrics_not_pushed'), events('metrics_pushed')]).toEqual([1, 1]);
    expect(JSON.stringify(stage.log)).not.toContain('a-secret-token');
  });

  it('does not repeat what was refused', async () => {
    receiver.status = 400;
    stage = await setStage({ ...settings(), PROMETHEUS_REMOTE_WRITE_USER: '42' });
    await eventually(async () => {
      expect(await pushes('rejected')).toBeGreaterThan(2);
    });
    const bodies = receiver.received.map(({ body }) => body.toString('hex'));
    expect(new Set(bodies).size).toBe(bodies.length);
    const basic = `Basic ${Buffer.from('42:a-secret-token').toString('base64')}`;
    expect(receiver.received[0]!.headers.authorization).toBe(basic);
    expect(events('metrics_not_pushed')).toBe(1);
  });

  describe.runIf(hasTool('prometheus', 'a Prometheus that takes what is pushed'))('to a real Prometheus', () => {
    let directory: string;
    let prometheus: ChildProcess;
    let url: string;
    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'prometheus-'));
      writeFileSync(join(directory, 'prometheus.yml'), 'scrape_configs: []\n');
      const probe = createServer().listen(0, '127.0.0.1');
      await once(probe, 'listening');
      const { port } = probe.address() as AddressInfo;
      await new Promise((resolve) => probe.close(resolve));
      url = `http://127.0.0.1:${port}`;
      const args = [
        `--config.file=${join(directory, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(directory, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-remote-write-receiver',
      ];
      prometheus = spawn('prometheus', args, { stdio: 'ignore' });
      await eventuallyOk(`${url}/-/ready`);
    });
    afterAll(async () => {
      prometheus.kill('SIGKILL');
      await once(prometheus, 'close');
      rmSync(directory, { recursive: true, force: true });
    });

    it('is held there, value by value', async () => {
      stage = await setStage({
        ...settings(),
        PROMETHEUS_REMOTE_WRITE_URL: `${url}/api/v1/write`,
        OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=node-7',
        OTEL_SERVICE_NAME: 'gateway',
      });
      for (let n = 0; n < 4; n++) await call();
      const query = async (promql: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> => {
        const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(promql)}`);
        return ((await response.json()) as { data: { result: never[] } }).data.result;
      };
      await vi.waitFor(
        async () => {
          const [requests] = await query('l104_requests_total{route="gemini",status="200"}');
          expect(requests).toMatchObject({ metric: { job: 'gateway', instance: 'node-7' } });
          expect(requests!.value[1]).toBe('4');
        },
        { timeout: 20_000, interval: 100 },
      );
      const [all] = await query('l104_request_duration_seconds_bucket{route="gemini",le="+Inf"}');
      const [count] = await query('l104_request_duration_seconds_count{route="gemini"}');
      expect([all!.value[1], count!.value[1]]).toEqual(['4', '4']);
      const [p95] = await query('histogram_quantile(0.95, l104_request_duration_seconds_bucket{route="gemini"})');
      expect(Number(p95!.value[1])).toBeGreaterThan(0);
      expect(await pushes('rejected')).toBe(0);
    });
  });
});

async function eventuallyOk(url: string): Promise<void> {
  await vi.waitFor(
    async () => {
      expect((await fetch(url)).status).toBe(200);
    },
    { timeout: 30_000, interval: 100 },
  );
}
