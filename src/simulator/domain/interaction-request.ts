import { type Conversation, type OutputForm, type Tool, type Turn } from './conversation.js';
import { type Json, type JsonObject, listOf, numberOf, objectOf, objectsOf, textOf, textsOf } from './json.js';
import { RpcError } from './rpc-error.js';

/** Reads the body of `POST interactions`; `history` is what the interaction before it left. */
export function interactionConversation(body: JsonObject, history: readonly Turn[]): Conversation {
  const model = textOf(body.model) ?? textOf(body.agent);
  if (model === undefined) throw new RpcError('INVALID_ARGUMENT', 'Either model or agent must be specified.');
  const turns = [...history, ...inputTurns(body.input)];
  if (turns.length === 0) throw new RpcError('INVALID_ARGUMENT', 'input must be specified.');
  const config = objectOf(body.generation_config);
  return {
    model: model.replace(/^models\//, ''),
    turns,
    partial: undefined,
    system: textOf(body.system_instruction) ?? '',
    tools: declaredTools(body.tools),
    toolMode: textOf(config?.tool_choice) === 'any' ? 'any' : 'auto',
    output: outputForm(body.response_format),
    maxOutputTokens: numberOf(config?.max_output_tokens),
    stopSequences: textsOf(config?.stop_sequences),
    candidateCount: 1,
    includeThoughts: textOf(config?.thinking_summaries) === 'auto',
    continuationToken: textOf(body.continuation_token),
    cachedContent: textOf(body.cached_content),
  };
}

/** The turn an answer becomes when the next interaction refers to it. */
export function answerTurn(text: string): Turn {
  return { role: 'model', text, media: 0, results: [] };
}

/** Input is a text, one piece of content, a list of them, or a list of earlier steps. */
function inputTurns(input: Json | undefined): readonly Turn[] {
  if (typeof input === 'string') return [userTurn(input)];
  const items = Array.isArray(input) ? listOf(input) : input === undefined ? [] : [input];
  const steps = objectsOf(items);
  if (steps.every((step) => step.content === undefined && step.type !== 'function_result')) {
    return steps.length === 0 ? [] : [userTurn(contentText(items))];
  }
  return steps.map(turnOfStep);
}

function turnOfStep(step: JsonObject): Turn {
  if (step.type === 'function_result') {
    const result = { name: textOf(step.name) ?? 'function', response: step.result ?? null };
    return { role: 'user', text: '', media: 0, results: [result] };
  }
  const text = contentText(typeof step.content === 'string' ? step.content : listOf(step.content));
  return step.type === 'model_output' || step.role === 'model' ? answerTurn(text) : userTurn(text);
}

function userTurn(text: string): Turn {
  return { role: 'user', text, media: 0, results: [] };
}

function contentText(content: string | readonly Json[]): string {
  if (typeof content === 'string') return content;
  return content.map((part) => textOf(objectOf(part)?.text) ?? '').join('');
}

function declaredTools(tools: Json | undefined): readonly Tool[] {
  return listOf(tools).flatMap((item) => {
    const tool = objectOf(item);
    const name = tool?.type === 'function' ? textOf(tool.name) : undefined;
    return name === undefined ? [] : [{ name, parameters: objectOf(tool?.parameters) }];
  });
}

function outputForm(format: Json | undefined): OutputForm {
  const wanted = objectOf(format) ?? objectsOf(format).find((item) => item.type === 'text');
  if (wanted?.mime_type === 'application/json') return { kind: 'json', schema: objectOf(wanted.schema) };
  const schema = objectOf(wanted?.schema);
  return schema === undefined ? { kind: 'text' } : { kind: 'json', schema };
}
