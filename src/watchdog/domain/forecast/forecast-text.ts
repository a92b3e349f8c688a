import { probabilityText, withinText } from '../../../kernel/likelihood-text.js';
import { type Likely } from '../sentence/outlook.js';
import { capital } from '../sentence/wording.js';
import { type ClearReason } from './forecast.js';

/** What is likely and how soon, in a sentence. */
export function forecastText({ subject, dueMs, probability }: Omit<Likely, 'name' | 'advice'>): string {
  return `${capital(subject)} is likely ${withinText(dueMs)} (${probabilityText(probability)}).`;
}

/** Why a forecast is over, in words. */
export const CLEARED: Readonly<Record<ClearReason, string>> = {
  averted: 'at the pace of now it does not come.',
  reached: 'it is no forecast any more, the part itself is not well.',
  unknown: 'nothing can be told of it for now.',
};
