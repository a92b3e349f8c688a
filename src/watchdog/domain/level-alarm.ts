/** When a level that is used up is worth a word. Shares, 0 to 1. */
export interface AlarmLevels {
  readonly raiseAt: number;
  /** Below the other, so that a level that wavers is one trouble and not many. */
  readonly clearBelow: number;
  /** Readings in a row at or above `raiseAt` that raise it. */
  readonly readings: number;
}

/** An alarm on how much of something is used up, with hysteresis. */
export class LevelAlarm {
  #high = 0;
  #raised = false;

  constructor(private readonly levels: AlarmLevels) {}

  get raised(): boolean {
    return this.#raised;
  }

  /** Takes a reading: what is used, of how much. */
  take(used: number, limit: number): void {
    const share = used / limit;
    this.#high = share >= this.levels.raiseAt ? this.#high + 1 : 0;
    if (this.#high >= this.levels.readings) this.#raised = true;
    else if (share < this.levels.clearBelow) this.#raised = false;
  }

  /** Begins anew, as if nothing had been read. */
  clear(): void {
    this.#high = 0;
    this.#raised = false;
  }
}
