import { type Route } from './route.js';

/** Methods of the native API that OpenTelemetry has a word for, and those it has none for, by the node's own. */
const METHODS: Readonly<Record<string, string>> = {
  embedContent: 'embeddings',
  batchEmbedContents: 'embeddings',
  countTokens: 'count_tokens',
};

/** What a call asks for, as `gen_ai.operation.name` puts it; undefined for what passes through. A closed list: it labels metrics. */
export function operationOf({ kind, surface, target }: Route): string | undefined {
  if (kind === 'generate') return 'generate_content';
  if (kind === 'chat') return 'chat';
  if (kind === 'passthrough') return undefined;
  if (surface === 'openai') return 'embeddings';
  const method = /:(\w+)(?:\?|$)/.exec(target)?.[1] ?? '';
  return METHODS[method] ?? 'other';
}
