/** A part of the node whose state is kept as a text. */
interface Part {
  readonly name: string;
  save(): unknown;
  restore(stored: unknown): void;
}

/** Why the state of a part is not kept, or not taken up. */
export type PartTrouble = 'save_failed' | 'too_large' | 'restore_failed' | 'unreadable';

/** Told of the trouble of a part, and of its end (`undefined`): once each, however often the part is asked. */
export type TroubleListener = (part: string, trouble: PartTrouble | undefined, error?: unknown) => void;

/** The states of the parts as JSON texts, and which of them are other than what is stored. */
export class KeptTexts {
  readonly #stored = new Map<string, string>();
  readonly #troubles = new Map<string, PartTrouble>();

  /**
   * @param parts have names of their own
   * @param limit most bytes of one text; a part with more is not kept
   */
  constructor(
    private readonly parts: readonly Part[],
    private readonly limit: number,
    private readonly tell: TroubleListener,
  ) {}

  /** Names of the parts. */
  get names(): string[] {
    return this.parts.map(({ name }) => name);
  }

  /** Gives every part what is stored of it; the names of those that took something up. */
  restore(stored: ReadonlyMap<string, string>): string[] {
    return this.parts.flatMap((part) => {
      const text = stored.get(part.name);
      if (text !== undefined) return this.#restored(part, text) ? [part.name] : [];
      // That nothing is stored says the same as that nothing has been learnt.
      const nothing = this.#textOf(part);
      if (nothing !== undefined) this.#stored.set(part.name, nothing);
      return [];
    });
  }

  /** The texts that are not stored like this. A part that throws, or has more than the limit, is left out. */
  changed(): Map<string, string> {
    const texts = new Map<string, string>();
    for (const part of this.parts) {
      const text = this.#textOf(part);
      if (text !== undefined && text !== this.#stored.get(part.name)) texts.set(part.name, text);
    }
    return texts;
  }

  /** Takes in that these are stored now. */
  stored(texts: ReadonlyMap<string, string>): void {
    for (const [name, text] of texts) this.#stored.set(name, text);
  }

  #restored(part: Part, text: string): boolean {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // Its message would quote what is stored.
      this.tell(part.name, 'unreadable');
      return false;
    }
    try {
      part.restore(value);
    } catch (error) {
      this.tell(part.name, 'restore_failed', error);
      return false;
    }
    this.#stored.set(part.name, text);
    return true;
  }

  #textOf(part: Part): string | undefined {
    let text: string | undefined;
    try {
      text = jsonOf(part.save());
    } catch (error) {
      this.#enter(part.name, 'save_failed', error);
      return undefined;
    }
    const tooLarge = text !== undefined && Buffer.byteLength(text) > this.limit;
    this.#enter(part.name, tooLarge ? 'too_large' : undefined);
    return tooLarge ? undefined : text;
  }

  #enter(part: string, trouble: PartTrouble | undefined, error?: unknown): void {
    if (this.#troubles.get(part) === trouble) return;
    if (trouble === undefined) this.#troubles.delete(part);
    else this.#troubles.set(part, trouble);
    this.tell(part, trouble, error);
  }
}

/** The text of a value; undefined of what is no JSON, such as undefined itself. */
function jsonOf(value: unknown): string | undefined {
  return JSON.stringify(value);
}
