import { Inject, Injectable } from '@nestjs/common';
import { type SettingsOf } from '../platform/settings.js';
import { resumeSettings } from './resume.settings.js';

/** Models known to refuse at most; names may come from callers. */
const MOST = 200;
/** What models answer that take no partial answer: that it is not supported, or whose turn must come last. */
const REFUSAL =
  /(?:prefill|partial).{0,60}not (?:supported|allowed)|not support.{0,60}prefill|(?:\bend(?:s|ing)?\b|\b(?:last|final)\b).{0,60}\b(?:model|assistant|user)\b/i;

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

  /** Takes in the message of a 400 to a request with a partial answer: it may say that the model takes none. */
  refused(model: string, message: string): void {
    if (REFUSAL.test(message) && this.#refusing.size < MOST) this.#refusing.add(model);
  }
}
