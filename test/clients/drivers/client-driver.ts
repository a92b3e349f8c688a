/** One question to a model, in the terms of none of the packages. */
export interface Ask {
  readonly prompt: string;
  readonly model?: string;
  readonly system?: string;
  /** Turns before the prompt, by turns the user's and the model's. */
  readonly before?: readonly string[];
  /** Declares the tool `get_weather`. */
  readonly tool?: boolean;
  /** Wants JSON of the schema `MOOD`. */
  readonly json?: boolean;
  readonly signal?: AbortSignal;
}

/** A call of a tool that the model asks for. */
export interface ToolCall {
  readonly name: string;
  readonly args: unknown;
}

/** What a package gives its user, read where that user would read it. */
export interface Answer {
  readonly text: string;
  readonly finish: string | undefined;
  readonly usage: unknown;
  readonly calls: readonly ToolCall[];
  /** Text of each event in which a stream arrived; one for an answer in one piece. */
  readonly pieces: readonly string[];
  /** Everything the package gave, event by event. */
  readonly whole: unknown;
}

/** One package, set up for one address and key. Its own retries are off unless asked for. */
export interface Client {
  unary(ask: Ask): Promise<Answer>;
  /** Reads a stream to its end; rejects when its user sees an error, whichever way the package shows it. */
  stream(ask: Ask, onPiece?: (text: string) => void): Promise<Answer>;
  /** Asks with the tool, answers its call with `result`, and gives the model's last word. */
  toolRound(ask: Ask, result: string): Promise<Answer>;
  embed(texts: readonly string[]): Promise<readonly (readonly number[])[]>;
  countTokens?(text: string): Promise<number | undefined>;
  listModels?(): Promise<readonly string[]>;
}

/** How to reach an endpoint with a package. */
export interface Address {
  readonly url: string;
  readonly key: string;
  /** How often the package repeats a failed call by itself. */
  readonly retries?: number;
}

/** A package under test. */
export interface ClientDriver {
  readonly name: string;
  /** What its base URL has behind the address of Gemini, and behind that of the node. */
  readonly path: { readonly gemini: string; readonly node: string };
  /** Whether aborting an answer in one piece reaches the wire; not every package passes the signal on. */
  readonly abortsUnary: boolean;
  connect(address: Address): Client;
}

export const MODEL = 'gemini-2.5-flash';
export const EMBEDDING_MODEL = 'gemini-embedding-001';

/** The tool all packages declare. */
export const WEATHER = {
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: {
    type: 'object' as const,
    properties: { city: { type: 'string' as const, description: 'Name of the city' } },
    required: ['city'],
  },
};

/** The schema all packages ask for in JSON mode. */
export const MOOD = {
  type: 'object' as const,
  properties: { city: { type: 'string' as const }, mood: { type: 'string' as const, enum: ['good', 'bad'] } },
  required: ['city', 'mood'],
};

/** The turns of a question with their speakers, the prompt last. */
export function turnsOf(ask: Ask): readonly { readonly role: 'user' | 'model'; readonly text: string }[] {
  return [...(ask.before ?? []), ask.prompt].map((text, at) => ({ role: at % 2 === 0 ? 'user' : 'model', text }));
}
