import { duration, flag } from '../platform/setting-kinds.js';
import { defineSettings } from '../platform/settings.js';

/** Settings of the limits on waiting that models teach, and of what is done before they are reached. */
export const patienceSettings = defineSettings('patience', 'Patience', {
  firstTokenFloorMs: duration({
    variable: 'TTFT_TIMEOUT_FLOOR',
    unit: 'ms',
    default: '20s',
    min: '50ms',
    max: '1h',
    about:
      'The limit on the first word that a model has taught (three times its 99th percentile) is never shorter: among a thousand short prompts there is one that takes many seconds to read, and FIRST_TOKEN_BESIDE_MS is what helps sooner.',
  }),
  firstTokenCeilingMs: duration({
    variable: 'TTFT_TIMEOUT_CEILING',
    unit: 'ms',
    default: '3m',
    min: '100ms',
    max: '1h',
    about: 'The limit on the first word is never longer; the largest thinking budgets take about as long.',
  }),
  thinkingTokenMs: duration({
    variable: 'TTFT_PER_THINKING_TOKEN',
    unit: 'ms',
    default: '8ms',
    min: '0ms',
    max: '1s',
    about: 'Added to the limit on the first word per token of the thinking budget while little is known of a model.',
  }),
  answerMs: duration({
    variable: 'ANSWER_TIMEOUT',
    unit: 's',
    default: '5m',
    min: '100ms',
    max: '1h',
    about: 'Time for the head of an answer in one piece, which comes when all is thought and said.',
  }),
  answerFloorMs: duration({
    variable: 'ANSWER_TIMEOUT_FLOOR',
    unit: 's',
    default: '60s',
    min: '1s',
    max: '1h',
    about: 'The limit on answers in one piece that a model has taught is never shorter: they differ by what is asked.',
  }),
  answerBesideMs: duration({
    variable: 'ANSWER_BESIDE',
    unit: 's',
    default: '30s',
    min: '100ms',
    max: '1h',
    about:
      'Silence after which, for an answer in one piece, the next target is asked beside the silent one; later where a model usually takes longer.',
  }),
  hedging: flag({
    variable: 'HEDGE_ENABLED',
    default: false,
    about:
      'Whether a second attempt is sent when the first is later than 19 of 20 of its kind; costs tokens, at most half the retry budget.',
  }),
});
