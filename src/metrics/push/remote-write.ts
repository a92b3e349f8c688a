import { compress } from 'snappyjs';
import { headerWait } from '../../kernel/retry-after.js';
import { type Clock } from '../../kernel/clock.js';
import { VERSION } from '../../platform/version.js';
import { type Snapshot } from '../domain/push/family.js';
import { writeRequest } from '../domain/push/write-request.js';
import { type PushOutcome, type PushTarget } from './push-target.js';

/** Longest that one request may take, ms; as Prometheus itself has it. */
const TIMEOUT_MS = 30_000;

/** Pushes that wait: five minutes of them at the usual interval, some tens of kilobytes each. */
const WAITING = 20;

/** Where remote-write goes, and as whom. */
export interface RemoteWriteOptions {
  readonly url: string;
  readonly token: string;
  readonly user: string;
  readonly intervalMs: number;
  /** Labels of all series. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Prometheus remote-write 1.0: protobuf, compressed with Snappy. */
export class RemoteWrite implements PushTarget<Uint8Array> {
  readonly name = 'remote_write';
  readonly intervalMs: number;
  readonly waiting = WAITING;
  readonly #ended = new AbortController();
  readonly #headers: Readonly<Record<string, string>>;

  constructor(
    private readonly options: RemoteWriteOptions,
    private readonly clock: Clock,
  ) {
    this.intervalMs = options.intervalMs;
    this.#headers = {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
      'user-agent': `l104-node/${VERSION}`,
      ...authorization(options),
    };
  }

  prepare(snapshot: Snapshot): Uint8Array {
    return compress(writeRequest(snapshot, this.options.labels));
  }

  async send(payload: Uint8Array): Promise<PushOutcome> {
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const response = await fetch(this.options.url, {
        method: 'POST',
        headers: this.#headers,
        body: payload as Uint8Array<ArrayBuffer>,
        signal,
        // A receiver that sends elsewhere is one whose address is set wrongly: the token is not sent on.
        redirect: 'manual',
      });
      await response.body?.cancel();
      if (response.ok) return { result: 'ok' };
      const reason = `HTTP status ${response.status}`;
      if (response.status !== 429 && response.status < 500) return { result: 'rejected', reason };
      const asked = headerWait(Object.fromEntries(response.headers), this.clock.wall());
      return { result: 'failed', reason, retryAfterMs: asked };
    } catch (error) {
      return { result: 'failed', reason: reasonOf(error) };
    }
  }

  close(): Promise<void> {
    this.#ended.abort();
    return Promise.resolve();
  }
}

function authorization({ user, token }: RemoteWriteOptions): Record<string, string> {
  if (token === '') return {};
  if (user === '') return { authorization: `Bearer ${token}` };
  return { authorization: `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}` };
}

/** What the system calls the fault; messages of `fetch` say no more than that it failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error as { cause?: { code?: unknown; message?: unknown } };
  const known = [cause?.code, cause?.message].find((one) => typeof one === 'string');
  return known ?? error.name;
}
