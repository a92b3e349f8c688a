/** What the simulator knows of one model. */
export interface ModelFacts {
  /** Name without the `models/` in front. */
  readonly name: string;
  readonly displayName: string;
  /** Longest request, in tokens. */
  readonly inputTokenLimit: number;
  /** Longest answer, in tokens. */
  readonly outputTokenLimit: number;
  readonly methods: readonly string[];
  /** Whether a request may end in a model turn that is then continued. */
  readonly prefill: boolean;
  /** Whether the model hands out and takes continuation tokens. */
  readonly continuation: boolean;
  /** Whether it thinks before it answers: bills thought tokens and signs function calls. */
  readonly thinking: boolean;
}

/** A model that tests add, or fields of a known one that they change. */
export type ModelOverride = Partial<Omit<ModelFacts, 'name'>> & { readonly name: string };

const GENERATE = [
  'generateContent',
  'streamGenerateContent',
  'countTokens',
  'createCachedContent',
  'batchGenerateContent',
];
const EMBED = ['embedContent', 'batchEmbedContents', 'countTokens'];
const NAMES = [
  'gemini-2.0-flash',
  'gemini-2.0-flash-lite',
  'gemini-2.5-pro',
  'gemini-2.5-flash',
  'gemini-2.5-flash-lite',
  'gemini-3-pro-preview',
  'gemini-3-flash-preview',
  'gemini-3.1-pro-preview',
  'gemini-3.1-flash-lite',
  'gemini-3.5-flash',
  'gemini-3.5-flash-lite',
  'gemini-3.6-flash',
  'gemini-3.7-flash',
  'gemini-3.8-flash',
  'gemini-4-argon',
  'gemini-flash-latest',
  'gemini-flash-lite-latest',
  'gemini-pro-latest',
  'gemini-embedding-001',
  'gemini-embedding-2-preview',
];
const TAKES_PREFILL = /^gemini-(2\.|3-|3\.1-|pro-latest)/;

/** The models one simulator serves, in the order they are listed. */
export class ModelTable {
  readonly #byName: ReadonlyMap<string, ModelFacts>;

  constructor(overrides: readonly ModelOverride[] = []) {
    const models = new Map(NAMES.map((name) => [name, factsOf(name)]));
    for (const change of overrides) {
      models.set(change.name, { ...(models.get(change.name) ?? factsOf(change.name)), ...change });
    }
    this.#byName = models;
  }

  /** Every model, in listing order. */
  get all(): readonly ModelFacts[] {
    return [...this.#byName.values()];
  }

  /** The model of a resource such as `models/x` or `tunedModels/y`; a tuned model of any name exists. */
  find(collection: string, name: string): ModelFacts | undefined {
    return collection === 'tunedModels' ? { ...factsOf('gemini-2.5-flash'), name } : this.#byName.get(name);
  }
}

function factsOf(name: string): ModelFacts {
  const embedding = name.includes('embedding');
  const old = name.startsWith('gemini-2.0');
  return {
    name,
    displayName: name.split('-').map(capital).join(' '),
    inputTokenLimit: embedding ? 2_048 : 1_048_576,
    outputTokenLimit: embedding ? 1 : old ? 8_192 : 65_536,
    methods: embedding ? EMBED : GENERATE,
    prefill: TAKES_PREFILL.test(name),
    continuation: name.startsWith('gemini-4-'),
    thinking: !embedding && !old,
  };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
