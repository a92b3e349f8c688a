import {
  type Conversation,
  MAX_CANDIDATES,
  type OutputForm,
  splitPartial,
  type Tool,
  type ToolResult,
  type Turn,
} from './conversation.js';
import { either, type Json, type JsonObject, listOf, numberOf, objectOf, textOf, textsOf } from './json.js';
import { RpcError } from './rpc-error.js';

/** Reads the body of a `generateContent` request; throws Google's 400 when it has no contents. */
export function nativeConversation(model: string, body: JsonObject): Conversation {
  const contents = listOf(body.contents);
  if (contents.length === 0) {
    throw new RpcError('INVALID_ARGUMENT', '* GenerateContentRequest.contents: contents is not specified\n');
  }
  const config = objectOf(either(body, 'generationConfig', 'generation_config'));
  const thinking = objectOf(either(config, 'thinkingConfig', 'thinking_config'));
  const calling = callingConfig(body);
  return {
    model,
    ...splitPartial(contents.map(turnOf)),
    system: textOfContent(either(body, 'systemInstruction', 'system_instruction')),
    tools: allowed(declaredTools(body), textsOf(either(calling, 'allowedFunctionNames', 'allowed_function_names'))),
    toolMode: toolMode(textOf(calling?.mode)),
    output: outputForm(config),
    maxOutputTokens: numberOf(either(config, 'maxOutputTokens', 'max_output_tokens')),
    stopSequences: textsOf(either(config, 'stopSequences', 'stop_sequences')),
    candidateCount: candidateCount(numberOf(either(config, 'candidateCount', 'candidate_count'))),
    includeThoughts: either(thinking, 'includeThoughts', 'include_thoughts') === true,
    continuationToken: textOf(either(body, 'continuationToken', 'continuation_token')),
    cachedContent: textOf(either(body, 'cachedContent', 'cached_content')),
  };
}

/** How many candidates a request gets: one, unless it names a number from 1 to 8. */
export function candidateCount(asked: number | undefined): number {
  const count = asked ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > MAX_CANDIDATES) {
    throw new RpcError(
      'INVALID_ARGUMENT',
      `* GenerateContentRequest.generation_config.candidate_count: must be in the range [1, ${MAX_CANDIDATES}].\n`,
    );
  }
  return count;
}

/** The joined text of a content, or of a bare list of parts. */
export function textOfContent(content: Json | undefined): string {
  const parts = listOf(objectOf(content)?.parts ?? content);
  return parts.map((part) => textOf(objectOf(part)?.text) ?? '').join('');
}

function turnOf(content: Json): Turn {
  const turn = objectOf(content);
  const results: ToolResult[] = [];
  let text = '';
  let media = 0;
  for (const item of listOf(turn?.parts)) {
    const part = objectOf(item);
    if (part === undefined) continue;
    if (part.thought !== true) text += textOf(part.text) ?? '';
    if ((either(part, 'inlineData', 'inline_data') ?? either(part, 'fileData', 'file_data')) !== undefined) media++;
    const response = objectOf(either(part, 'functionResponse', 'function_response'));
    if (response !== undefined)
      results.push({ name: textOf(response.name) ?? 'function', response: response.response ?? null });
  }
  return { role: turn?.role === 'model' ? 'model' : 'user', text, media, results };
}

function declaredTools(body: JsonObject): readonly Tool[] {
  return listOf(body.tools).flatMap((group) =>
    listOf(either(objectOf(group), 'functionDeclarations', 'function_declarations')).flatMap((item) => {
      const declared = objectOf(item);
      const name = textOf(declared?.name);
      const parameters = objectOf(
        either(declared, 'parametersJsonSchema', 'parameters_json_schema') ?? declared?.parameters,
      );
      return name === undefined ? [] : [{ name, parameters }];
    }),
  );
}

function callingConfig(body: JsonObject): JsonObject | undefined {
  return objectOf(
    either(objectOf(either(body, 'toolConfig', 'tool_config')), 'functionCallingConfig', 'function_calling_config'),
  );
}

function allowed(tools: readonly Tool[], names: readonly string[]): readonly Tool[] {
  return names.length === 0 ? tools : tools.filter((tool) => names.includes(tool.name));
}

function toolMode(mode: string | undefined): 'auto' | 'any' | 'none' {
  const lower = mode?.toLowerCase();
  return lower === 'any' || lower === 'none' ? lower : 'auto';
}

function outputForm(config: JsonObject | undefined): OutputForm {
  const mime = textOf(either(config, 'responseMimeType', 'response_mime_type'));
  const schema = objectOf(
    either(config, 'responseJsonSchema', 'response_json_schema') ??
      either(config, '_responseJsonSchema', '_response_json_schema') ??
      either(config, 'responseSchema', 'response_schema'),
  );
  if (mime === 'application/json') return { kind: 'json', schema };
  if (mime === 'text/x.enum') return { kind: 'enum', values: textsOf(schema?.enum) };
  return { kind: 'text' };
}
