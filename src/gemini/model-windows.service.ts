import { Inject, Injectable } from '@nestjs/common';
import { HttpClientService } from '../http-client/index.js';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { type CredentialHeader } from './credentials.js';
import { type ModelWindow, windowOf } from './domain/sessions/model-window.js';
import { sessionSettings } from './session.settings.js';
import { UpstreamService } from './upstream.service.js';

/** Models that are remembered at most; names may come from callers. */
const MOST = 200;
/** How long a model counts as unknown after nobody could tell, ms: an outage is not asked about again and again. */
const UNKNOWN_MS = 60_000;
/** Said of the one who asks, not of the model. */
const REFUSALS: readonly number[] = [400, 401, 403];

interface Known {
  readonly window: Promise<ModelWindow | undefined>;
  /** Monotonic, ms. */
  until: number;
}

/** What the upstream tells of a model and of a request to it without spending a token: its limits, and a count of tokens. */
@Injectable()
export class ModelWindows {
  /** The model asked for longest ago comes first. */
  readonly #known = new Map<string, Known>();

  constructor(
    private readonly upstreams: UpstreamService,
    private readonly http: HttpClientService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(sessionSettings.KEY) private readonly settings: SettingsOf<typeof sessionSettings>,
  ) {}

  /** The limits of a model, asked for once in a while; undefined where nobody tells. Never throws. */
  of(model: string, credential: CredentialHeader | undefined): Promise<ModelWindow | undefined> {
    const known = this.#known.get(model);
    if (known !== undefined && this.clock.now() < known.until) return known.window;
    this.#known.delete(model);
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MOST && oldest !== undefined) this.#known.delete(oldest);
    const asked: Known = { window: this.#ask(model, credential), until: this.clock.now() + this.settings.windowTtlMs };
    this.#known.set(model, asked);
    return asked.window;
  }

  /** The tokens of a `generateContent` request in JSON; undefined where the upstream does not tell. Never throws. */
  async count(model: string, request: object, credential: CredentialHeader | undefined): Promise<number | undefined> {
    const body = { generateContentRequest: { model: `models/${model}`, ...request } };
    const { answer } = await this.#send(`${encodeURIComponent(model)}:countTokens`, credential, body);
    const { totalTokens } = (answer ?? {}) as Record<string, unknown>;
    return typeof totalTokens === 'number' ? totalTokens : undefined;
  }

  async #ask(model: string, credential: CredentialHeader | undefined): Promise<ModelWindow | undefined> {
    const { status, answer } = await this.#send(encodeURIComponent(model), credential);
    const window = windowOf(answer);
    const known = this.#known.get(model);
    if (window === undefined && known !== undefined)
      known.until = this.clock.now() + (REFUSALS.includes(status) ? 0 : UNKNOWN_MS);
    return window;
  }

  async #send(
    resource: string,
    credential: CredentialHeader | undefined,
    data?: object,
  ): Promise<{ status: number; answer: unknown }> {
    const { origin, basePath } = this.upstreams.current;
    try {
      const { status, data: answer } = await this.http.request<unknown>({
        method: data === undefined ? 'get' : 'post',
        url: `${origin}${basePath}/v1beta/models/${resource}`,
        timeout: this.settings.lookupTimeoutMs,
        headers: credential === undefined ? {} : { [credential[0]]: credential[1] },
        ...(data === undefined ? {} : { data }),
      });
      return { status, answer: status === 200 ? answer : undefined };
    } catch {
      return { status: 0, answer: undefined };
    }
  }
}
