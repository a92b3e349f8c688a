/** Most models in one chain: each may cost a call an attempt. */
const MAX_CHAIN = 16;

interface NamedChain {
  /** A model, or the beginning of models' names when `open`. */
  readonly head: string;
  readonly open: boolean;
  readonly models: readonly string[];
}

/**
 * The chains of fallback models, as `GEMINI_FALLBACK_MODELS` names them; entries are read like this:
 *
 * - `m>a>b`: when `m` fails, `a`, then `b`; `gemini-2.5-*>a` does so for every model whose name begins like that. The
 *   most exact head counts, and it alone: chains are not joined (`m>a` and `a>b` never lead from `m` to `b`).
 * - `*>a>b`, or a plain `a,b`: the chain of every model without one of its own. A model that is in it goes on with
 *   those after it, then with those before it. A lone `*` says the same and may be left out.
 * - Embeddings have no general chain: vectors of different models cannot be compared.
 *
 * `models/` in front of a name changes nothing. Without entries no model has a chain.
 */
export class ModelChains {
  private constructor(
    private readonly named: readonly NamedChain[],
    private readonly general: readonly string[],
  ) {}

  /** Reads the entries; throws a RangeError that names the entry and what is wrong with it. */
  static parse(entries: readonly string[]): ModelChains {
    const named = new Map<string, NamedChain>();
    const general: string[] = [];
    for (const entry of entries) {
      const names = entry.split('>').map((name) => plainName(name.trim()));
      const [head = '', ...rest] = names;
      const models = names.length === 1 && head !== '*' ? names : rest;
      check(entry, head, models);
      if (names.length === 1 || head === '*') {
        general.push(...models);
      } else if (named.has(head)) {
        throw new RangeError(`"${entry}": ${head} has a chain already`);
      } else {
        named.set(head, { head: head.replace('*', ''), open: head.endsWith('*'), models });
      }
    }
    if (general.length > MAX_CHAIN) throw new RangeError(`the chain for any model is longer than ${MAX_CHAIN} models`);
    const exactFirst = [...named.values()].sort(
      (a, b) => Number(a.open) - Number(b.open) || b.head.length - a.head.length,
    );
    return new ModelChains(exactFirst, [...new Set(general)]);
  }

  /** Models to try after `model`, in order, without it and without repetition; none when it has no chain. */
  after(model: string): readonly string[] {
    const name = plainName(model);
    const own = this.named.find(({ head, open }) => (open ? name.startsWith(head) : name === head));
    if (own !== undefined) return [...new Set(own.models)].filter((other) => other !== name);
    if (/embedding/i.test(name)) return [];
    const at = this.general.indexOf(name);
    return at < 0 ? this.general : [...this.general.slice(at + 1), ...this.general.slice(0, at)];
  }
}

function check(entry: string, head: string, models: readonly string[]): void {
  if (head === '' || models.includes('')) throw new RangeError(`"${entry}": a name is missing`);
  if (models.some((name) => name.includes('*'))) throw new RangeError(`"${entry}": * may only stand in front`);
  if (/\*./.test(head)) throw new RangeError(`"${entry}": * may only stand at the end of a name`);
  if (models.length > MAX_CHAIN) throw new RangeError(`"${entry}": a chain has at most ${MAX_CHAIN} models`);
}

function plainName(model: string): string {
  return model.replace(/^models\//, '');
}
