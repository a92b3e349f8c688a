import { parseJson } from '../json-scan.js';
import { type Surface } from '../route.js';
import { isRecord } from '../upstream-error.js';
import { type ResumeBar } from './delivered.js';

type Json = Record<string, unknown>;

/** A request whose answer broke, read so that it can be asked again in other ways. */
export class ResumeRequest {
  readonly #request: Json;
  readonly #config: Json;

  /** Undefined for a body that is no JSON object. */
  static read(surface: Surface, body: Buffer): ResumeRequest | undefined {
    const request = parseJson(body.toString('utf8'));
    return isRecord(request) ? new ResumeRequest(surface, body, request) : undefined;
  }

  private constructor(
    private readonly surface: Surface,
    /** The request as it came. */
    readonly body: Buffer,
    request: Json,
  ) {
    this.#request = request;
    this.#config = surface === 'openai' ? request : recordOf(member(request, 'generationConfig'));
  }

  /** What in the request stands against going on with a broken answer to it. */
  get bar(): ResumeBar | undefined {
    const config = this.#config;
    const several = numberOf(this.surface === 'openai' ? config['n'] : member(config, 'candidateCount'));
    if (several !== undefined && several > 1) return 'candidates';
    const logs = this.surface === 'openai' ? config['logprobs'] : member(config, 'responseLogprobs');
    if (logs === true) return 'logprobs';
    const modes = this.surface === 'openai' ? config['modalities'] : member(config, 'responseModalities');
    if (Array.isArray(modes) && modes.some((mode) => String(mode).toLowerCase() !== 'text')) return 'media';
    return undefined;
  }

  /** The answer is to be JSON: joined text that does not parse is none. */
  get wantsJson(): boolean {
    if (this.surface === 'openai') {
      const format = recordOf(this.#request['response_format'])['type'];
      return format === 'json_object' || format === 'json_schema';
    }
    return member(this.#config, 'responseMimeType') === 'application/json';
  }

  /** Texts at which the answer is to stop. */
  get stops(): readonly string[] {
    const stops = this.surface === 'openai' ? this.#request['stop'] : member(this.#config, 'stopSequences');
    const list = Array.isArray(stops) ? stops : [stops];
    return list.filter((stop): stop is string => typeof stop === 'string' && stop !== '');
  }

  /** The same request with a partial answer as the last turn of the model; `emitted` is its length in tokens. */
  prefilled(partial: string, emitted: number): Buffer {
    const request = structuredClone(this.#request);
    if (this.surface === 'openai') this.#prefillChat(request, partial);
    else this.#prefillNative(request, partial);
    this.#lessTokens(request, emitted);
    return Buffer.from(JSON.stringify(request));
  }

  /** The same request with a token that the upstream gave. */
  continued(token: string): Buffer {
    return Buffer.from(JSON.stringify({ ...this.#request, continuationToken: token }));
  }

  #prefillNative(request: Json, partial: string): void {
    const contents = request['contents'];
    const turns: unknown[] = Array.isArray(contents) ? contents : contents === undefined ? [] : [contents];
    const last = turns.at(-1);
    const parts = isRecord(last) && last['role'] === 'model' ? last['parts'] : undefined;
    // A request that ends in a turn of the model had it gone on with: so does what follows.
    if (Array.isArray(parts)) parts.push({ text: partial });
    else turns.push({ role: 'model', parts: [{ text: partial }] });
    request['contents'] = turns;
  }

  #prefillChat(request: Json, partial: string): void {
    const messages: unknown[] = Array.isArray(request['messages']) ? request['messages'] : [];
    const last = messages.at(-1);
    const own = isRecord(last) && last['role'] === 'assistant' ? last : {};
    // A message of the assistant that the request ends in is gone on with, in either of its forms.
    if (typeof own['content'] === 'string') own['content'] += partial;
    else if (Array.isArray(own['content'])) own['content'].push({ type: 'text', text: partial });
    else messages.push({ role: 'assistant', content: partial });
    request['messages'] = messages;
  }

  /** What has been said counts against the limit of what may be said. */
  #lessTokens(request: Json, emitted: number): void {
    const config = this.surface === 'openai' ? request : member(request, 'generationConfig');
    if (!isRecord(config)) return;
    for (const name of ['maxOutputTokens', 'max_output_tokens', 'max_tokens', 'max_completion_tokens']) {
      const limit = numberOf(config[name]);
      if (limit !== undefined) config[name] = Math.max(1, limit - emitted);
    }
  }
}

/** A member under its name in JSON or in snake case, which the API takes too. */
function member(record: Json, name: string): unknown {
  return record[name] ?? record[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

function recordOf(value: unknown): Json {
  return isRecord(value) ? value : {};
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
