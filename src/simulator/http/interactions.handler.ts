import { type Conversation } from '../domain/conversation.js';
import { INTERACTION_SSE } from '../domain/framing.js';
import { interactionBody, type InteractionHead, interactionStream } from '../domain/interaction-answer.js';
import { answerTurn, interactionConversation } from '../domain/interaction-request.js';
import { type JsonObject, textOf } from '../domain/json.js';
import { RpcError } from '../domain/rpc-error.js';
import { type Answer } from '../domain/answer.js';
import { type Reply } from '../domain/wire-script.js';
import { answerOf, sizeOf } from './answer.handler.js';
import { type Call, jsonOf } from './call.js';
import { jsonReply } from './replies.js';
import { type KeptInteraction, type SimulatorState } from './state.js';

/** `interactions`: create (in one piece or streamed), get, cancel and delete. */
export function interactions(
  state: SimulatorState,
  call: Call,
  at: { id: string | undefined; cancel: boolean },
): Reply {
  if (at.id === undefined) return create(state, call);
  const kept = interactionNamed(state, call, at.id);
  if (call.verb === 'DELETE') {
    state.interactions.delete(at.id, call.project);
    return jsonReply({});
  }
  return jsonReply(at.cancel ? { ...kept.resource, status: 'cancelled' } : kept.resource);
}

function create(state: SimulatorState, call: Call): Reply {
  const body = jsonOf(call);
  const previous = textOf(body.previous_interaction_id);
  const before = previous === undefined ? undefined : interactionNamed(state, call, previous);
  const conversation = interactionConversation(body, historyOf(before, body));
  const answer = answerOf(state, call, conversation);
  const head: InteractionHead = { id: state.nextId('int'), model: conversation.model, created: state.isoNow() };
  if (body.store !== false) keep(state, call.project, { head, conversation, answer });
  if (body.stream !== true) return jsonReply(interactionBody(answer, head), sizeOf(answer));
  return { kind: 'stream', framing: INTERACTION_SSE, ...interactionStream(answer, head) };
}

/** An answer that is being continued is not part of its own history. */
function historyOf(before: KeptInteraction | undefined, body: JsonObject): KeptInteraction['turns'] {
  const turns = before?.turns ?? [];
  return body.continuation_token !== undefined && turns.at(-1)?.role === 'model' ? turns.slice(0, -1) : turns;
}

function keep(
  state: SimulatorState,
  owner: string,
  { head, conversation, answer }: { head: InteractionHead; conversation: Conversation; answer: Answer },
): void {
  const pieces = answer.candidates[0]?.pieces ?? [];
  const text = pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
  const turns = [...conversation.turns, answerTurn(text)];
  const weight = turns.reduce((sum, turn) => sum + turn.text.length, 0);
  state.interactions.put(head.id, { resource: interactionBody(answer, head), turns }, { owner, weight, evict: true });
}

function interactionNamed(state: SimulatorState, call: Call, id: string): KeptInteraction {
  const kept = state.interactions.get(id, call.project);
  if (kept === undefined) throw new RpcError('NOT_FOUND', `Interaction ${id} was not found.`);
  return kept;
}
