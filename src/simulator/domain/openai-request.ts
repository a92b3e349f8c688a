import { type Conversation, type OutputForm, splitPartial, type Tool, type Turn } from './conversation.js';
import { type Json, type JsonObject, listOf, numberOf, objectOf, objectsOf, textOf, textsOf } from './json.js';
import { candidateCount } from './native-request.js';
import { RpcError } from './rpc-error.js';

/** Reads the body of a `chat/completions` request; throws a 400 when it names no model or has no messages. */
export function openAiConversation(body: JsonObject): Conversation {
  const messages = objectsOf(body.messages);
  const spoken = messages.filter((message) => message.role !== 'system' && message.role !== 'developer');
  if (spoken.length === 0) {
    throw new RpcError('INVALID_ARGUMENT', '* GenerateContentRequest.contents: contents is not specified\n');
  }
  const names = toolNames(messages);
  return {
    model: openAiModel(body),
    ...splitPartial(mergeTools(spoken.map((message) => turnOf(message, names)))),
    system: messages
      .filter((message) => !spoken.includes(message))
      .map((message) => contentText(message.content))
      .join('\n'),
    tools: chosenTools(body),
    toolMode: toolMode(body.tool_choice),
    output: outputForm(objectOf(body.response_format)),
    maxOutputTokens: numberOf(body.max_completion_tokens) ?? numberOf(body.max_tokens),
    stopSequences: typeof body.stop === 'string' ? [body.stop] : textsOf(body.stop),
    candidateCount: candidateCount(numberOf(body.n)),
    includeThoughts: includeThoughts(body),
    continuationToken: undefined,
    cachedContent: textOf(googleExtension(body)?.cached_content),
  };
}

/** The model an OpenAI-style body names, without a `models/` in front. */
function openAiModel(body: JsonObject): string {
  const model = textOf(body.model);
  if (model === undefined || model === '') throw new RpcError('INVALID_ARGUMENT', 'model is not specified');
  return model.startsWith('models/') ? model.slice('models/'.length) : model;
}

function turnOf(message: JsonObject, names: ReadonlyMap<string, string>): Turn {
  const text = contentText(message.content);
  const media = listOf(message.content).filter((part) => objectOf(part)?.type !== 'text').length;
  if (message.role === 'tool') {
    const name = names.get(textOf(message.tool_call_id) ?? '') ?? textOf(message.name) ?? 'function';
    return { role: 'user', text: '', media: 0, results: [{ name, response: text }] };
  }
  return { role: message.role === 'assistant' ? 'model' : 'user', text, media, results: [] };
}

/** Answers to parallel calls arrive as one message each; Gemini sees them as one turn. */
function mergeTools(turns: readonly Turn[]): readonly Turn[] {
  const merged: Turn[] = [];
  for (const turn of turns) {
    const last = merged.at(-1);
    if (last !== undefined && last.results.length > 0 && turn.results.length > 0) {
      merged[merged.length - 1] = { ...last, results: [...last.results, ...turn.results] };
    } else {
      merged.push(turn);
    }
  }
  return merged;
}

function contentText(content: Json | undefined): string {
  if (typeof content === 'string') return content;
  return listOf(content)
    .map((part) => textOf(objectOf(part)?.text) ?? '')
    .join('');
}

function toolNames(messages: readonly JsonObject[]): ReadonlyMap<string, string> {
  const calls = messages.flatMap((message) => listOf(message.tool_calls)).map(objectOf);
  return new Map(calls.map((call) => [textOf(call?.id) ?? '', textOf(objectOf(call?.function)?.name) ?? 'function']));
}

function chosenTools(body: JsonObject): readonly Tool[] {
  const only = textOf(objectOf(objectOf(body.tool_choice)?.function)?.name);
  return listOf(body.tools).flatMap((item) => {
    const declared = objectOf(objectOf(item)?.function);
    const name = textOf(declared?.name);
    if (name === undefined || (only !== undefined && only !== name)) return [];
    return [{ name, parameters: objectOf(declared?.parameters) }];
  });
}

function toolMode(choice: Json | undefined): 'auto' | 'any' | 'none' {
  if (choice === 'none') return 'none';
  return choice === 'required' || objectOf(choice) !== undefined ? 'any' : 'auto';
}

function outputForm(format: JsonObject | undefined): OutputForm {
  if (format?.type === 'json_object') return { kind: 'json', schema: undefined };
  if (format?.type === 'json_schema') return { kind: 'json', schema: objectOf(objectOf(format.json_schema)?.schema) };
  return { kind: 'text' };
}

function googleExtension(body: JsonObject): JsonObject | undefined {
  const extra = objectOf(body.extra_body);
  return objectOf(extra?.google) ?? objectOf(objectOf(extra?.extra_body)?.google) ?? objectOf(body.google);
}

function includeThoughts(body: JsonObject): boolean {
  return objectOf(googleExtension(body)?.thinking_config)?.include_thoughts === true;
}
