import { type Splice, SpliceRefused } from './splice.js';

const HELD = 40;
const WINDOW = 160;

/** Where to cut a partial answer; undefined when it is too short. */
export function prefillCut(delivered: string): { readonly prefill: string; readonly held: string } | undefined {
  const space = delivered.lastIndexOf(' ', delivered.length - HELD);
  return space < HELD ? undefined : { prefill: delivered.slice(0, space), held: delivered.slice(space) };
}

/** A continuation that must hold the tail that was held back. */
export class PrefillSplice implements Splice {
  #buffer = '';
  #joined = false;

  constructor(
    private readonly prefill: string,
    private readonly held: string,
  ) {}

  get joined(): boolean {
    return this.#joined;
  }

  push(text: string): string {
    if (this.#joined) return text;
    this.#buffer += text;
    const whole = this.prefill + this.held;
    if (this.#buffer.startsWith(whole)) return this.#join(whole.length);
    if (whole.startsWith(this.#buffer)) return '';
    const held = this.held.trimStart();
    const at = this.#buffer.indexOf(held);
    if (at >= 0 && at <= WINDOW) return this.#join(at + held.length);
    if (this.#buffer.length > WINDOW + held.length) throw new SpliceRefused('no_seam');
    return '';
  }

  end(): string {
    if (!this.#joined) throw new SpliceRefused('no_seam');
    return '';
  }

  #join(at: number): string {
    this.#joined = true;
    return this.#buffer.slice(at);
  }
}
