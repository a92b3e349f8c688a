import { type Found } from './store-life.js';

/** What the world knows of a store: which writes were acknowledged to it, and which it cannot be sure of. */
export class Ledger {
  readonly #there = new Set<string>();
  readonly #gone = new Set<string>();
  /** Keys with a write that failed or was not answered: either outcome is right. */
  readonly #unsure = new Set<string>();
  readonly #turns = new Map<string, number[]>();

  /** Takes what a process said in its life. */
  note(lines: readonly string[]): void {
    for (const line of lines) {
      const [kind, name = '', n] = line.split(' ');
      if (kind === 'put') this.#there.add(name);
      else if (kind === 'may') this.#unsure.add(name);
      else if (kind === 'del') {
        this.#there.delete(name);
        this.#gone.add(name);
      } else if (kind === 'turn') this.#turns.set(name, [...(this.#turns.get(name) ?? []), Number(n)]);
    }
  }

  /** Everything that is wrong with what a process has found; nothing, if the store is good. */
  faults({ keys, torn, turns }: Found): string[] {
    const found = new Set(keys);
    const faults = torn.map((key) => `torn: ${key}`);
    // A removal that was not answered may have been made: those come every seventh.
    const removable = (key: string): boolean => Number(key.split('/')[2]) % 7 === 0;
    for (const key of this.#there) {
      if (!found.has(key) && !this.#unsure.has(key) && !removable(key)) faults.push(`lost: ${key}`);
    }
    for (const key of this.#gone) if (found.has(key) && !this.#unsure.has(key)) faults.push(`come back: ${key}`);
    for (const [session, acknowledged] of this.#turns) {
      const stored = turns[session] ?? [];
      const there = new Set(stored);
      for (const n of acknowledged) if (!there.has(n)) faults.push(`lost turn: ${session} ${n}`);
      if (there.size !== stored.length) faults.push(`a turn twice: ${session}`);
      if (stored.some((n, place) => place > 0 && n < (stored[place - 1] ?? 0)))
        faults.push(`turns out of order: ${session}`);
    }
    return faults;
  }

  /** How many writes were acknowledged and have to be there. */
  get size(): number {
    return this.#there.size + [...this.#turns.values()].reduce((sum, turns) => sum + turns.length, 0);
  }
}
