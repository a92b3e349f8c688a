import { type Conversation, lastUserText, type ToolResult, userTurns } from './conversation.js';
import { type Directives } from './directives.js';
import { prose, sentences, SIMULATED } from './prose.js';
import { valueForSchema } from './schema-value.js';
import { Random } from './seed.js';

const MAX_QUOTED_RESULT = 400;

/** The whole text a conversation is answered with, before any limit: the same for the same seed. */
export function answerText(conversation: Conversation, directives: Directives, seed: number): string {
  const random = new Random(seed);
  const { output } = conversation;
  if (output.kind === 'json') {
    const value = valueForSchema(output.schema, { random, prefix: `${SIMULATED} ` });
    return random.int(0, 1) === 0 ? JSON.stringify(value) : JSON.stringify(value, null, 2);
  }
  if (output.kind === 'enum') return output.values[random.int(0, output.values.length - 1)] ?? SIMULATED;
  if (directives.echo === true) return `${SIMULATED} ${lastUserText(conversation)}`;
  const results = conversation.turns.at(-1)?.results ?? [];
  if (results.length > 0) return `${SIMULATED} ${results.map(reported).join(' ')} ${sentences(random, 15)}`;
  return prose(random, {
    persona: personaOf(conversation.system),
    turns: userTurns(conversation),
    words: directives.words,
  });
}

/** What the model thinks before it answers. */
export function thoughtText(seed: number): string {
  const random = new Random(seed ^ 0x7407);
  return `**Simulated thinking**\n\n${sentences(random, random.int(15, 40))}\n`;
}

function reported(result: ToolResult): string {
  const text = typeof result.response === 'string' ? result.response : JSON.stringify(result.response);
  const shown = text.length <= MAX_QUOTED_RESULT ? text : `${text.slice(0, MAX_QUOTED_RESULT)}…`;
  return `According to ${result.name}: ${shown}.`;
}

function personaOf(system: string): string | undefined {
  return /\bYou are (?:an? |the )?([^.,;:!?\n]{1,40})/i.exec(system)?.[1]?.trim();
}
