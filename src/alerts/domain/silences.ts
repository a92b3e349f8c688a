/** A time in which nobody is told of an alert, or of any. */
export interface Silence {
  readonly id: string;
  /** Name of the alert; null for all. */
  readonly alert: string | null;
  /** Wall-clock ms. */
  readonly until: number;
  readonly reason: string;
  readonly who: string;
}

/** Most silences at once. */
const MOST = 50;

/** The silences that last. */
export class Silences {
  #all: Silence[] = [];

  /** Adds one; false when there are too many. */
  add(silence: Silence, wall: number): boolean {
    if (this.all(wall).length >= MOST) return false;
    this.#all.push(silence);
    return true;
  }

  /** Ends one; false when there is none of this id. */
  remove(id: string): boolean {
    const before = this.#all.length;
    this.#all = this.#all.filter((silence) => silence.id !== id);
    return this.#all.length < before;
  }

  /** Those that last, the one that ends first at the front. */
  all(wall: number): readonly Silence[] {
    this.#all = this.#all.filter(({ until }) => until > wall).sort((a, b) => a.until - b.until);
    return this.#all;
  }

  /** Until when an alert is silenced, wall-clock ms; undefined when it is not. */
  until(name: string, wall: number): number | undefined {
    return this.all(wall)
      .filter(({ alert }) => alert === null || alert === name)
      .at(-1)?.until;
  }

  /** Takes up those of an earlier life. */
  restore(silences: readonly Silence[]): void {
    this.#all = silences.slice(0, MOST);
  }
}
