import { describeDuration } from '../../../kernel/duration.js';
import { probabilityText, withinText } from '../../../kernel/likelihood-text.js';
import { momentText } from '../../../kernel/moment-text.js';
import { type Outlook, type Sentence } from './outlook.js';
import { capital, causeWords, inline, joined, listText, plural } from './wording.js';

/** How long the end of a trouble is news, ms. */
const NEWS_MS = 900_000;

/** Nothing is wrong yet. */
export function watch({ forecasts }: Outlook): Sentence | undefined {
  const [first, ...others] = forecasts;
  if (first === undefined) return undefined;
  const { subject, dueMs, probability, advice } = first;
  const also = others.length === 0 ? undefined : `Also likely: ${listText(others.map((other) => other.subject))}.`;
  return {
    lead: 'Healthy, but',
    rest: joined(
      // Whoever could act on a forecast is not there yet: what is said of the node is true.
      `${subject} is likely ${withinText(dueMs)} (${probabilityText(probability)}); no repair is made before.`,
      `You can: ${inline(advice)}`,
      also,
    ),
  };
}

/** Nothing is wrong any more: for who has heard of the trouble. */
export function recovered({ recovery, now }: Outlook): Sentence | undefined {
  if (recovery === undefined || now - recovery.at >= NEWS_MS) return undefined;
  const { at, cause, lastedMs, cured, failed } = recovery;
  const lasted = describeDuration(Math.max(1000, lastedMs));
  const by = cured === undefined || cured.length === 0 ? '' : `${listText(cured)} cured it; `;
  const cost = failed === 0 ? 'no request failed' : `${plural(failed, 'request')} failed`;
  return {
    lead: `Healthy again since ${momentText(at, now)}.`,
    rest: `${capital(causeWords(cause))} lasted ${lasted}; ${by}${cost}.`,
  };
}

/** Nobody asks. */
export function idle({ requests: { answered, failed, ever } }: Outlook): Sentence | undefined {
  if (answered + failed > 0) return undefined;
  return { lead: 'Healthy and waiting:', rest: ever ? 'no requests in the last 5 minutes.' : 'no requests yet.' };
}

/** All is well. */
export function healthy({ requests: { answered, failed, helped } }: Outlook): Sentence {
  const outcome = failed === 0 ? 'all answered' : `${failed} of them failed`;
  const help = helped > 0 ? `; ${helped} needed help` : '';
  return {
    lead: 'Healthy.',
    rest: `${plural(answered + failed, 'request')} in the last 5 minutes, ${outcome}${help}.`,
  };
}
