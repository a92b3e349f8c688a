/** Finds a stop sequence that begins in what was delivered, or lies in what is new. */
export class StopSequenceGuard {
  #tail: string;

  constructor(
    private readonly stops: readonly string[],
    tail: string,
  ) {
    const longest = Math.max(...stops.map(({ length }) => length));
    this.#tail = tail.slice(-Math.max(0, longest - 1)).slice(0, longest > 1 ? undefined : 0);
  }

  push(text: string): { readonly text: string; readonly stopped: boolean } {
    const joined = this.#tail + text;
    const found = this.stops.map((stop) => joined.indexOf(stop)).filter((at) => at >= 0);
    if (found.length === 0) return { text, stopped: false };
    return { text: joined.slice(this.#tail.length, Math.max(this.#tail.length, Math.min(...found))), stopped: true };
  }

  end(): string {
    return '';
  }
}
