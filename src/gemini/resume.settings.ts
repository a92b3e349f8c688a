import { flag, integer, list } from '../platform/setting-kinds.js';
import { defineSettings } from '../platform/settings.js';

/** Settings of how broken streams are gone on with. */
export const resumeSettings = defineSettings('resume', 'Broken streams', {
  enabled: flag({
    variable: 'RESUME_ENABLED',
    default: true,
    about: 'Whether a stream that breaks after its first word is gone on with; a client can say `x-l104-resume: off`.',
  }),
  attempts: integer({
    variable: 'RESUME_ATTEMPTS',
    default: 5,
    min: 1,
    max: 20,
    about: 'Further attempts with which one broken stream is gone on with; each pays for the prompt again.',
  }),
  prefillModels: list({
    variable: 'PREFILL_MODELS',
    default: 'gemini-2.*,gemini-3-*,gemini-3.1-*,gemini-pro-latest,gemini-flash-latest,gemini-flash-lite-latest',
    max: 100,
    each: /^[\w.*-]+$/,
    eachIs: 'a model, `*` standing for anything',
    about:
      'Models that go on from a partial answer given as their own last turn. Others answer 400 to that, which is learnt, and are asked anew.',
  }),
});
