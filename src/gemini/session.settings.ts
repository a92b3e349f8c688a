import { duration, integer } from '../platform/setting-kinds.js';
import { defineSettings } from '../platform/settings.js';

/** Settings of conversations that are gone on with. */
export const sessionSettings = defineSettings('sessions', 'Conversations', {
  windowTokens: integer({
    variable: 'SESSION_WINDOW_TOKENS',
    default: 32_768,
    min: 1024,
    max: 100_000_000,
    unit: 'tokens',
    about:
      'What a model is taken to read where Gemini does not tell; the smallest of its chat models. A conversation that fits into it for certain is sent without asking.',
  }),
  windowTtlMs: duration({
    variable: 'MODEL_WINDOW_TTL',
    unit: 's',
    default: '1h',
    min: '1s',
    max: '24h',
    about: 'How long the limits of a model count as known. They change with its version; asking costs no tokens.',
  }),
  lookupTimeoutMs: duration({
    variable: 'SESSION_LOOKUP_TIMEOUT',
    unit: 'ms',
    default: '2s',
    min: '50ms',
    max: '1m',
    about:
      'Time for one look-up of the limits of a model or of the tokens of a long conversation; past it the node goes by its own cautious estimate.',
  }),
});
