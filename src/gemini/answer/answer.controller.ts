import { Body, Controller, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { gatewayError } from '../../kernel/error-codes.js';
import { type ConversationTurn } from '../../memory/index.js';
import { ClientAccess, ClientGuard } from '../../platform/client-access.js';
import { CountedRoute } from '../../platform/counted-route.js';
import { SchemaPipe } from '../../platform/schema.pipe.js';
import { type SettingsOf } from '../../platform/settings.js';
import { ofThisTrace } from '../../tracing/index.js';
import { modelHeader } from '../domain/headers.js';
import { type Route } from '../domain/route.js';
import { readIdempotencyKey } from '../domain/sessions/idempotency-key.js';
import { Exchange } from '../exchange.js';
import { Gateway } from '../gateway.js';
import { geminiSettings } from '../gemini.settings.js';
import { AnswerReply, type KeepTurn } from './answer-reply.js';
import { answerRequest, type AnswerRequest, geminiBody, withHalfTheHistory } from './answer-request.js';
import { type AnswerSink, EventSink, ObjectSink } from './answer-sink.js';
import { Histories } from './history.service.js';
import { Sessions, type Visit } from './sessions.service.js';

/** What is asked of Gemini, and what becomes of the answer. */
interface Asked {
  readonly body: AnswerRequest;
  readonly history: readonly ConversationTurn[];
  /** Undefined where the answer is not kept. */
  readonly keep: KeepTurn | undefined;
}

/** `POST /api/v6/stream`: the node's own endpoint, a message in, a streamed answer out. */
@Controller('api')
@UseGuards(ClientGuard)
@CountedRoute('answer')
export class AnswerController {
  constructor(
    private readonly gateway: Gateway,
    private readonly sessions: Sessions,
    private readonly histories: Histories,
    private readonly access: ClientAccess,
    @Inject(geminiSettings.KEY) private readonly settings: SettingsOf<typeof geminiSettings>,
  ) {}

  @Post(['v6/stream', 'stream'])
  async answer(
    @Body(new SchemaPipe(answerRequest)) body: AnswerRequest,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const visit = await this.#visit(body, request);
    if (visit === undefined) {
      this.#ask({ body, history: [], keep: undefined }, request, response);
      return;
    }
    let keeping = false;
    try {
      if (visit.given === undefined) {
        const history = await this.#history(visit, body, request);
        const keep: KeepTurn = ofThisTrace((text, done) => {
          keeping = true;
          return visit.keep(text, done);
        });
        this.#ask({ body, history, keep }, request, response);
      } else this.#replay(visit.given, request, response);
    } catch (error) {
      visit.leave();
      throw error;
    }
    // A turn that is being stored leaves the session by itself, also when the client does not wait for it.
    const over = (): void => {
      if (!keeping) visit.leave();
    };
    if (response.destroyed) over();
    else response.on('close', over);
  }

  /** Without a session nothing is stored, so there is nothing that must not happen twice: an Idempotency-Key is not looked at. */
  async #visit(body: AnswerRequest, request: Request): Promise<Visit | undefined> {
    const { session_id: sessionId } = body;
    if (sessionId === undefined) return undefined;
    const header = request.get('idempotency-key');
    const key = header === undefined ? undefined : readIdempotencyKey(header);
    if (header !== undefined && key === undefined)
      throw gatewayError('BAD_REQUEST', 'Idempotency-Key: must be 1 to 255 visible characters.');
    return await this.sessions.visit({ namespace: this.access.namespaceOf(request), sessionId }, body, key);
  }

  async #history({ turns }: Visit, body: AnswerRequest, request: Request): Promise<readonly ConversationTurn[]> {
    const model = this.#modelOf(body);
    const route = routeTo(model, request);
    const { targets } = this.gateway;
    const credential = targets.credential(targets.single(route, undefined), request, route);
    return await this.histories.fitting(turns, body, model, credential);
  }

  #ask({ body, history, keep }: Asked, request: Request, response: Response): void {
    // The client left while its session was read: the response closes no more.
    if (response.destroyed) return;
    const asked = geminiBody(body, history);
    const exchange = this.gateway.enter(response, () => {
      const sink = this.#sink(request, response);
      return new Exchange(this.gateway, {
        request,
        response,
        route: routeTo(this.#modelOf(body), request),
        reply: new AnswerReply(response, sink, this.settings, keep),
        fallbacks: this.settings.answerFallbacks,
        shorter: history.length === 0 ? undefined : () => withHalfTheHistory(asked),
        counted: false,
      });
    });
    exchange.sendBuffered(asked);
  }

  /** Gives an answer again as it was stored, without asking anybody. */
  #replay({ text, done }: NonNullable<Visit['given']>, request: Request, response: Response): void {
    if (response.destroyed) return;
    const sink = this.#sink(request, response);
    response.setHeader('x-l104-model', modelHeader(done.model) ?? '');
    response.setHeader('x-l104-replayed', 'true');
    if (text !== '') sink.delta(text);
    sink.done(done);
    sink.close();
  }

  #sink(request: Request, response: Response): AnswerSink {
    const json = request.accepts(['text/event-stream', 'application/json']) === 'application/json';
    const sink = json ? new ObjectSink(response) : new EventSink(response, this.settings.heartbeatMs);
    response.on('close', () => {
      sink.close();
    });
    return sink;
  }

  #modelOf({ model_hint: hint = '' }: AnswerRequest): string {
    return hint === '' ? this.settings.defaultModel : hint;
  }
}

/** The call to Gemini behind a request. */
function routeTo(model: string, request: Request): Route {
  const target = `/v1beta/models/${model}:streamGenerateContent?alt=sse`;
  return { surface: 'gemini', kind: 'generate', target, model, stream: 'gemini-sse', queryKey: queryKey(request) };
}

function queryKey(request: Request): string | undefined {
  const key = request.query['key'];
  return typeof key === 'string' ? key : undefined;
}
