import { duration, integer, optionalFlag, text } from '../platform/setting-kinds.js';
import { defineSettings } from '../platform/settings.js';

/** Settings of the built-in simulator of Gemini. */
export const simulatorSettings = defineSettings('simulator', 'Simulator', {
  port: integer({
    variable: 'SIMULATOR_PORT',
    default: 0,
    min: 0,
    max: 65_535,
    about: 'Port of the simulator on the loopback address; 0 takes any free one, since only the node talks to it.',
  }),
  wordDelayMs: duration({
    variable: 'SIMULATOR_WORD_DELAY',
    unit: 'ms',
    default: '15ms',
    min: '0ms',
    max: '10s',
    about: 'Pause between two streamed events, so that a first try shows the words arriving.',
  }),
  faultsFile: text({
    variable: 'SIMULATOR_FAULTS',
    about: 'JSON file with a fault plan that is in force from the start.',
    example: 'config/faults.json',
  }),
  chaosEnabled: optionalFlag({
    variable: 'CHAOS_ENABLED',
    about:
      'Let administrators set faults at `/self/simulator/faults`. Unset: only while the simulator answers, and not in production.',
  }),
});
