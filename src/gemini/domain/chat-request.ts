import { topLevelMembers, valueAt } from './json-scan.js';

/** What of an OpenAI request matters to the way it is answered. */
export interface ChatFacts {
  /** Without the `models/` that stands in front in Google's own listing: it is the same model. */
  readonly model: string | undefined;
  readonly streamed: boolean;
}

/** Reads the two members that matter without parsing the body; a body that is no JSON has neither. */
export function readChat(body: Buffer): ChatFacts {
  const members = topLevelMembers(body, ['model', 'stream']);
  const model = valueAt(body, members?.get('model'));
  return {
    model: typeof model === 'string' ? model.replace(/^models\//, '') : undefined,
    streamed: valueAt(body, members?.get('stream')) === true,
  };
}
