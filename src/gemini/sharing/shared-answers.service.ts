import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../../kernel/clock.js';
import { type GatewayError } from '../../kernel/gateway-error.js';
import { CLOCK } from '../../platform/platform.tokens.js';
import { type SettingsOf } from '../../platform/settings.js';
import { Admission } from '../../resilience/index.js';
import { Credentials } from '../credentials.js';
import { AnswerMemory } from '../domain/sharing/answer-memory.js';
import { endsPlainly, isShareable } from '../domain/sharing/shareable.js';
import { type Route } from '../domain/route.js';
import { geminiSettings } from '../gemini.settings.js';
import { type Asker } from './asker.js';
import { callIdentity } from './call-identity.js';
import { Share, type ShareHost } from './share.js';
import { SharedCall, type SharedCallHost } from './shared-call.js';
import { type SharedAnswer, SharingMetrics } from './sharing.metrics.js';

/** Headers that an older answer has of its own. */
const OWN_OF_STALE = new Set(['age', 'content-length']);

/** Answers that several calls get: calls in flight that ask the same, and whole answers kept for a failure. */
@Injectable()
export class SharedAnswers implements ShareHost, SharedCallHost {
  /** False when both features are off: then nothing here has any part in a call. */
  readonly on: boolean;
  readonly recordLimit: number;
  readonly #coalesce: boolean;
  readonly #keep: boolean;
  readonly #memory: AnswerMemory;
  readonly #running = new Map<string, SharedCall>();

  constructor(
    @Inject(geminiSettings.KEY) settings: SettingsOf<typeof geminiSettings>,
    @Inject(CLOCK) clock: Clock,
    private readonly metrics: SharingMetrics,
    private readonly credentials: Credentials,
    private readonly admission: Admission,
  ) {
    this.#coalesce = settings.coalesce;
    this.#keep = settings.staleIfErrorMs > 0;
    this.on = this.#coalesce || this.#keep;
    this.recordLimit = settings.answerBuffer;
    this.#memory = new AnswerMemory(clock, { bytes: settings.answerMemory, ageMs: settings.staleIfErrorMs });
    metrics.attach(() => this.#memory.bytes);
  }

  /** How many answers are kept, and the bytes in use for those and for answers being given. */
  get memory(): { readonly size: number; readonly bytes: number } {
    const { size, bytes } = this.#memory;
    return { size, bytes };
  }

  /** Forgets the answers that are kept for a failure. */
  drop(): void {
    this.#memory.clear();
  }

  /** A call's share in an answer; undefined where its answer is its own alone. */
  share(asker: Asker, body: Buffer): Share | undefined {
    const { request, route } = asker;
    if (!isShareable(route) || request.headers['x-l104-cache'] === 'off') return undefined;
    const key = callIdentity(route, this.credentials.holder(request, route), request, body);
    return new Share(this, asker, key);
  }

  /** Whether it is worth taking in a call that is refused, since an older answer may be there for it. */
  mayStandIn(refusal: GatewayError, route: Route): boolean {
    return this.#memory.size > 0 && refusal.code === 'OVERLOADED' && isShareable(route);
  }

  running(key: string): SharedCall | undefined {
    return this.#running.get(key);
  }

  open(key: string, first: Asker): SharedCall {
    const call = new SharedCall(this, key, first);
    if (this.#coalesce) this.#running.set(key, call);
    return call;
  }

  kept(key: string): ReturnType<AnswerMemory['find']> {
    return this.#memory.find(key);
  }

  count(kind: SharedAnswer): void {
    this.metrics.shared(kind);
  }

  closed(call: SharedCall): void {
    if (this.#running.get(call.key) === call) this.#running.delete(call.key);
  }

  answered({ key, route, reply: { record } }: SharedCall): void {
    const { head } = record;
    if (!this.#keep || head?.status !== 200) return;
    const body = record.body();
    if (route.kind !== 'call' && !endsPlainly(route.surface, body)) return;
    this.#memory.keep(key, { head: { ...head, headers: withoutOwn(head.headers) }, body });
  }

  take(bytes: number, urgent: boolean): boolean {
    return this.#memory.take(bytes) || (urgent && this.#takeFromUnjoined(bytes));
  }

  release(bytes: number): void {
    this.#memory.release(bytes);
  }

  takeBody(bytes: number): boolean {
    return this.admission.takeBody(bytes) === undefined;
  }

  releaseBody(bytes: number): void {
    this.admission.releaseBody(bytes);
  }

  /** What is held only for those who might yet join gives way to those who have; the oldest call first. */
  #takeFromUnjoined(bytes: number): boolean {
    for (const { reply } of this.#running.values()) {
      if (reply.readers.size > 1 || reply.record.bytes === 0) continue;
      reply.shrink();
      if (this.#memory.take(bytes)) return true;
    }
    return false;
  }
}

function withoutOwn(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (!OWN_OF_STALE.has(headers[i] as string)) kept.push(headers[i] as string, headers[i + 1] as string);
  }
  return kept;
}
