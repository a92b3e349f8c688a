/** True when a text ends in the first half of a surrogate pair. */
export function endsInHalfPair(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

/** Lets text through and keeps the first half of a surrogate pair back until the other half is there. */
export class WholePairs {
  #half = '';

  /** The text that can be delivered now. */
  push(text: string): string {
    if (text === '') return '';
    const whole = this.#half + text;
    if (!endsInHalfPair(whole)) {
      this.#half = '';
      return whole;
    }
    this.#half = whole.slice(-1);
    return whole.slice(0, -1);
  }

  /** What is kept back; nothing unless the text itself was malformed. */
  end(): string {
    const half = this.#half;
    this.#half = '';
    return half;
  }
}
