import { Body, Controller, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { ConversationStore } from '../../memory/index.js';
import { ClientGuard } from '../../platform/client-access.js';
import { CountedRoute } from '../../platform/counted-route.js';
import { identityOf } from '../../platform/request-context.js';
import { SchemaPipe } from '../../platform/schema.pipe.js';
import { type SettingsOf } from '../../platform/settings.js';
import { deadlineOf } from '../domain/deadline.js';
import { Gateway } from '../gateway.js';
import { geminiSettings } from '../gemini.settings.js';
import { AnswerCall, type KeepTurn } from './answer-call.js';
import { type AnswerDone } from './answer-done.js';
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
    const keep: KeepTurn = (text, done) => this.#keep(body, text, done);
    const call = this.gateway.enter(
      response,
      () => new AnswerCall(this.gateway, model, this.#sink(request, response), keep),
    );
    response.on('close', () => {
      call.clientGone();
    });
    response.on('drain', () => {
      call.resume();
    });
    const { origin, basePath } = this.gateway.upstream;
    response.setHeader('x-l104-model', model);
    response.setHeader('x-l104-attempts', '1');
    const sent = {
      origin,
      path: `${basePath}/v1beta/models/${model}:streamGenerateContent?alt=sse`,
      method: 'POST',
      headers: this.#headers(request),
      body: geminiBody(body, history),
    };
    call.send(sent, deadlineOf(request.headers, this.settings.deadlineMs));
  }

  async #history(sessionId: string | undefined): Promise<Turn[]> {
    if (sessionId === undefined) return [];
    const turns = await this.conversations.history(sessionId);
    return turns.flatMap(({ userText, modelText }): Turn[] => [
      { role: 'user', text: userText },
      { role: 'model', text: modelText },
    ]);
  }

  /** A turn is stored once its answer is whole, and only then. */
  async #keep(body: AnswerRequest, modelText: string, { model, usage }: AnswerDone): Promise<void> {
    if (body.session_id === undefined) return;
    const turn = { userText: messageOf(body), modelText, model, usage: { ...usage } };
    await this.conversations.append(body.session_id, turn);
  }

  #sink(request: Request, response: Response): AnswerSink {
    const json = request.accepts(['text/event-stream', 'application/json']) === 'application/json';
    return json ? new ObjectSink(response) : new EventSink(response, this.settings.heartbeatMs);
  }

  #headers(request: Request): string[] {
    const route = { surface: 'gemini', queryKey: queryKey(request) } as const;
    const credential = this.gateway.credentials.forUpstream(request, route);
    const headers = ['content-type', 'application/json', 'accept-encoding', 'identity'];
    headers.push('traceparent', identityOf(request).traceparent);
    if (credential !== undefined) headers.push(credential[0], credential[1]);
    return headers;
  }
}

function queryKey(request: Request): string | undefined {
  const key = request.query['key'];
  return typeof key === 'string' ? key : undefined;
}
