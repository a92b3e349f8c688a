import { Body, Controller, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { ConversationStore } from '../../memory/index.js';
import { ClientGuard } from '../../platform/client-access.js';
import { CountedRoute } from '../../platform/counted-route.js';
import { SchemaPipe } from '../../platform/schema.pipe.js';
import { type SettingsOf } from '../../platform/settings.js';
import { type Route } from '../domain/route.js';
import { Exchange } from '../exchange.js';
import { Gateway } from '../gateway.js';
import { geminiSettings } from '../gemini.settings.js';
import { AnswerReply, type KeepTurn } from './answer-reply.js';
import { answerRequest, type AnswerRequest, geminiBody, messageOf, type Turn } from './answer-request.js';
import { type AnswerSink, EventSink, ObjectSink } from './answer-sink.js';

/** `POST /api/v6/stream`: the node's own endpoint, a message in, a streamed answer out. */
@Controller('api')
@UseGuards(ClientGuard)
@CountedRoute('answer')
export class AnswerController {
  constructor(
    private readonly gateway: Gateway,
    private readonly conversations: ConversationStore,
    @Inject(geminiSettings.KEY) private readonly settings: SettingsOf<typeof geminiSettings>,
  ) {}

  @Post(['v6/stream', 'stream'])
  async answer(
    @Body(new SchemaPipe(answerRequest)) body: AnswerRequest,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const history = await this.#history(body.session_id);
    const hint = body.model_hint ?? '';
    const model = hint === '' ? this.settings.defaultModel : hint;
    const exchange = this.gateway.enter(response, () => {
      const keep = this.#keeper(body);
      const sink = this.#sink(request, response);
      response.on('close', () => {
        sink.close();
      });
      const reply = new AnswerReply(response, sink, this.settings, keep);
      const fallbacks = this.settings.answerFallbacks;
      return new Exchange(this.gateway, {
        request,
        response,
        route: routeTo(model, request),
        reply,
        fallbacks,
        counted: false,
      });
    });
    exchange.sendBuffered(geminiBody(body, history));
  }

  async #history(sessionId: string | undefined): Promise<Turn[]> {
    if (sessionId === undefined) return [];
    const turns = await this.conversations.history({ namespace: '', sessionId });
    return turns.flatMap(({ userText, modelText }): Turn[] => [
      { role: 'user', text: userText },
      { role: 'model', text: modelText },
    ]);
  }

  /** A turn is stored once its answer is whole, and only then. */
  #keeper(body: AnswerRequest): KeepTurn | undefined {
    const { session_id: session } = body;
    if (session === undefined) return undefined;
    return async (modelText, { model, usage }) => {
      const turn = { userText: messageOf(body), modelText, model, usage: { ...usage } };
      await this.conversations.append({ namespace: '', sessionId: session }, turn);
    };
  }

  #sink(request: Request, response: Response): AnswerSink {
    const json = request.accepts(['text/event-stream', 'application/json']) === 'application/json';
    return json ? new ObjectSink(response) : new EventSink(response, this.settings.heartbeatMs);
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
