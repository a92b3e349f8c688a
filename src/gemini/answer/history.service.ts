import { Inject, Injectable } from '@nestjs/common';
import { type ConversationTurn } from '../../memory/index.js';
import { type SettingsOf } from '../../platform/settings.js';
import { type CredentialHeader } from '../credentials.js';
import { type HistorySizes, turnsToLeave } from '../domain/sessions/fit-history.js';
import { roomIn } from '../domain/sessions/model-window.js';
import { mostTokens, textTokens } from '../domain/sessions/text-tokens.js';
import { turnTokens } from '../domain/sessions/turn-tokens.js';
import { ModelWindows } from '../model-windows.service.js';
import { sessionSettings } from '../session.settings.js';
import { type AnswerRequest, geminiRequest, messageOf } from './answer-request.js';

/** Cuts a conversation to what the model reads. */
@Injectable()
export class Histories {
  constructor(
    private readonly windows: ModelWindows,
    @Inject(sessionSettings.KEY) private readonly settings: SettingsOf<typeof sessionSettings>,
  ) {}

  /**
   * The turns to send along: all that fit into the model's window, the newest of them. A conversation that is short for
   * every model is never asked about; a long one costs a look-up now and then, and a count where it is near the window.
   */
  async fitting(
    turns: readonly ConversationTurn[],
    request: AnswerRequest,
    model: string,
    credential: CredentialHeader | undefined,
  ): Promise<readonly ConversationTurn[]> {
    // A turn without words (a blocked prompt, thoughts alone) is no part of a conversation that Gemini would take.
    const spoken = turns.filter(({ modelText }) => modelText !== '');
    if (spoken.length === 0) return spoken;
    const short = roomIn({ input: this.settings.windowTokens, output: undefined });
    const texts = spoken.flatMap(({ userText, modelText }) => [userText, modelText]);
    const more = [messageOf(request), request.system ?? ''];
    if (mostTokens([...texts, ...more]) <= short) return spoken;
    const rest = more.reduce((sum, text) => sum + textTokens(text), 0);
    const sizes: HistorySizes = { turns: turnTokens(spoken), rest, room: short };
    if (sizes.turns.reduce((sum, tokens) => sum + tokens, rest) <= short) return spoken;
    const window = await this.windows.of(model, credential);
    const room = window === undefined ? short : roomIn(window);
    const left = await turnsToLeave({ ...sizes, room }, (leaving) =>
      this.windows.count(model, geminiRequest(request, spoken.slice(leaving)), credential),
    );
    return spoken.slice(left);
  }
}
