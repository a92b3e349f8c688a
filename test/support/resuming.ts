import { parseFaultPlan, type SimulatorOptions } from '../../src/simulator/index.js';
import { type Stage, setStage } from './boot.js';
import { MODEL } from './asking.js';

interface Part {
  readonly text?: string;
  readonly thought?: boolean;
}

interface Delta {
  readonly content?: string;
  readonly extra_content?: { readonly google?: { readonly thought?: boolean } };
}

/** What the node tells of its own work. */
export interface Mark {
  readonly resume?: string;
  readonly at?: number;
  readonly model?: string;
  readonly attempts?: number;
  readonly healing?: readonly string[];
}

/** An event of any of the streams, or the one object. */
export interface StreamEvent {
  readonly event?: string;
  readonly candidates?: readonly {
    readonly content?: { readonly parts?: readonly Part[] };
    readonly finishReason?: string;
    readonly continuationToken?: string;
  }[];
  readonly choices?: readonly { readonly delta?: Delta; readonly finish_reason?: string | null }[];
  readonly usageMetadata?: Readonly<Record<string, number>>;
  readonly usage?: Readonly<Record<string, number>>;
  readonly responseId?: string;
  readonly id?: string;
  readonly modelVersion?: string;
  readonly model?: string;
  readonly l104?: Mark;
  readonly error?: unknown;
  readonly kind?: string;
  readonly text?: string;
  readonly code?: string;
  readonly finish_reason?: string;
}

/** What the simulator was sent. */
export interface SentBody {
  readonly contents: readonly { readonly role: string; readonly parts: readonly { readonly text: string }[] }[];
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly generationConfig: { readonly maxOutputTokens: number; readonly temperature: number };
  readonly max_tokens: number;
  readonly continuationToken?: string;
}

/** The streams that a client can ask for. */
export const STREAMS = ['gemini-sse', 'gemini-array', 'openai', 'answer', 'object'] as const;
export type StreamKind = (typeof STREAMS)[number];
/** Those whose events come from Gemini. */
export const PLAIN = ['gemini-sse', 'gemini-array', 'openai'] as const;

/** What is asked. */
export interface StreamAsk {
  readonly form?: StreamKind;
  readonly text?: string;
  readonly model?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the body. */
  readonly more?: object;
  readonly signal?: AbortSignal;
}

/** What a client got of a stream. */
export interface Heard {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly thoughts: string;
  /** Why it ended, by its own word. */
  readonly finish: string | undefined;
  /** Error that was told in-band. */
  readonly error: unknown;
  /** True when the connection broke. */
  readonly broken: boolean;
  /** Everything that was said of the node's own work. */
  readonly marks: readonly Mark[];
  readonly events: readonly StreamEvent[];
}

/** A node, a simulator, and the bodies the simulator was sent. */
export class Resuming {
  private constructor(
    readonly stage: Stage,
    /** Bodies of the calls to models, parsed. */
    readonly bodies: SentBody[],
  ) {}

  static async set(env: Record<string, string> = {}, options: SimulatorOptions = {}): Promise<Resuming> {
    const bodies: SentBody[] = [];
    const stage = await setStage(
      { RETRY_BACKOFF_BASE: '10ms', RETRY_BUDGET_FLOOR: '1000', ...env },
      {
        sameTextForAllModels: true,
        ...options,
        // What has no body is the node's own question for the models there are.
        onRequest: (_record, body) => body.length > 0 && bodies.push(JSON.parse(body.toString()) as SentBody),
      },
    );
    return new Resuming(stage, bodies);
  }

  /** Lets these faults happen to streams from now on. */
  fault(...faults: readonly object[]): void {
    const { plan, problems } = parseFaultPlan({ faults: faults.map((one) => ({ method: 'stream*', ...one })) });
    if (plan === undefined) throw new Error(problems.join('\n'));
    this.stage.simulator.faults.set(plan);
  }

  /** Ends faults and forgets what was sent. */
  clear(): void {
    this.stage.simulator.faults.clear();
    this.stage.simulator.journal.clear();
    this.bodies.length = 0;
  }

  /** Models that were asked, call by call. */
  get asked(): string[] {
    return this.stage.simulator.journal.records.map(({ model }) => model).filter((model) => model !== '');
  }

  /** Sends a call; the answer is not yet read. */
  send({ form = 'gemini-sse', text = 'Hello #words=60', model = MODEL, more, ...ask }: StreamAsk): Promise<Response> {
    const { path, body } = request(form, text, model);
    return fetch(this.stage.node.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer k',
        ...(form === 'object' && { accept: 'application/json' }),
        ...ask.headers,
      },
      body: JSON.stringify({ ...body, ...more }),
      ...(ask.signal === undefined ? {} : { signal: ask.signal }),
    });
  }

  /** Sends a call and reads its answer to the end, or to the break. */
  async hear(ask: StreamAsk = {}): Promise<Heard> {
    return heard(ask.form ?? 'gemini-sse', await this.send(ask));
  }

  /** The text of the same call without any fault; faults, open circuits and what was sent are forgotten. */
  async undisturbed(ask: StreamAsk = {}): Promise<string> {
    this.clear();
    await (await fetch(`${this.stage.node.url}/self/heal`, { method: 'POST' })).text();
    const { text, broken } = await this.hear(ask);
    if (broken || text === '') throw new Error('the undisturbed call failed');
    this.clear();
    return text;
  }
}

function request(form: StreamKind, text: string, model: string): { path: string; body: object } {
  switch (form) {
    case 'gemini-sse':
      return { path: `/v1beta/models/${model}:streamGenerateContent?alt=sse`, body: contents(text) };
    case 'gemini-array':
      return { path: `/v1beta/models/${model}:streamGenerateContent`, body: contents(text) };
    case 'openai':
      return {
        path: '/v1/chat/completions',
        body: {
          model,
          stream: true,
          stream_options: { include_usage: true },
          messages: [{ role: 'user', content: text }],
        },
      };
    default:
      return { path: '/api/v6/stream', body: { message: text, model_hint: model } };
  }
}

function contents(text: string): object {
  return { contents: [{ role: 'user', parts: [{ text }] }] };
}

/** Reads an answer, whatever becomes of it. */
export async function heard(form: StreamKind, response: Response): Promise<Heard> {
  let raw = '';
  let broken = false;
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) raw += chunk;
  } catch {
    broken = true;
  }
  const { status, headers } = response;
  const isJson = (headers.get('content-type') ?? '').includes('json');
  const events = isJson ? arrayEvents(raw, broken) : sseEvents(raw);
  return { status, headers, broken, events, ...(form === 'object' ? wholeOf(events[0]) : contentOf(events)) };
}

function sseEvents(raw: string): StreamEvent[] {
  return raw.split(/\r?\n\r?\n/).flatMap((block) => {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    const event = /^event: (.*)$/m.exec(block)?.[1];
    if (data === undefined || data === '[DONE]') return [];
    const parsed = JSON.parse(data) as StreamEvent;
    return [event === undefined ? parsed : { event, ...parsed }];
  });
}

/** A broken array lacks its bracket. */
function arrayEvents(raw: string, broken: boolean): StreamEvent[] {
  const parsed = JSON.parse(broken ? `${raw}]` : raw) as StreamEvent | StreamEvent[];
  return Array.isArray(parsed) ? parsed : [parsed];
}

type Content = Pick<Heard, 'text' | 'thoughts' | 'finish' | 'error' | 'marks'>;

function contentOf(events: readonly StreamEvent[]): Content {
  let text = '';
  let thoughts = '';
  let finish: string | undefined;
  for (const { event, candidates, choices, text: said = '', finish_reason: ended } of events) {
    const [candidate] = candidates ?? [];
    const [choice] = choices ?? [];
    for (const part of candidate?.content?.parts ?? []) {
      if (part.thought === true) thoughts += part.text ?? '';
      else text += part.text ?? '';
    }
    const { content = '', extra_content: extra } = choice?.delta ?? {};
    if (extra?.google?.thought === true) thoughts += content;
    else text += content;
    if (event === 'delta') text += said;
    finish = candidate?.finishReason ?? choice?.finish_reason ?? ended ?? finish;
  }
  const failure = events.find((one) => 'error' in one || one.event === 'error');
  const marks = events.flatMap(({ l104, error }) => (l104 !== undefined && error === undefined ? [l104] : []));
  return { text, thoughts, finish, error: failure?.error ?? failure, marks };
}

function wholeOf(object: StreamEvent = {}): Content {
  const { text = '', finish_reason: finish, code } = object;
  return { text, thoughts: '', finish, error: code === undefined ? undefined : object, marks: [] };
}
