import { Inject, Injectable } from '@nestjs/common';
import { type SettingsOf } from '../platform/settings.js';
import { resumeSettings } from './resume.settings.js';

/** Models known to refuse at most; names may come from callers. */
const MOST = 200;
/** What models answer that take no partial answer. */
const REFUSAL = /ending with a (?:model|assistant) turn|(?:prefill\w*|partial).{0,40}not supported/i;

/** Which models go on from a partial answer: by configuration, and by what they have refused. */
@Injectable()
export class PrefillModels {
  readonly #patterns: readonly RegExp[];
  readonly #refusing = new Set<string>();

  constructor(@Inject(resumeSettings.KEY) { prefillModels }: SettingsOf<typeof resumeSettings>) {
    this.#patterns = prefillModels.map(
      (pattern) => new RegExp(`^${pattern.replace(/[.*]/g, (sign) => (sign === '*' ? '.*' : '\\.'))}$`),
    );
  }

  /** Whether a model is worth being asked to go on. */
  takes(model: string): boolean {
    return !this.#refusing.has(model) && this.#patterns.some((pattern) => pattern.test(model));
  }

  /** Takes in an error to a request with a partial answer; true when it says that the model takes none. */
  refused(model: string, status: number, message: string): boolean {
    if (status !== 400 || !REFUSAL.test(message)) return false;
    if (this.#refusing.size < MOST) this.#refusing.add(model);
    return true;
  }
}
