import { hasValues, type PlotData } from './plot-data.js';
import { timeText } from './time-text.js';

/**
 * What is to be said about the history, and whether there is anything to plot; `heard` is when the node last gave it, s.
 */
export function historyNote(
  found: PlotData | 'refused' | 'lost',
  heard: number | undefined,
): { text: string; plots: boolean } {
  if (found === 'refused') {
    return {
      text: 'Sign in with ADMIN_TOKEN to see the history: METRICS_TOKEN is set.',
      plots: false,
    };
  }
  if (found === 'lost') {
    const old = heard === undefined ? '' : ` What is shown is from ${timeText(heard)}.`;
    return { text: `The node gives no history at the moment. It is asked again.${old}`, plots: heard !== undefined };
  }
  if (!hasValues(found)) {
    return {
      text: 'Nothing known of this time: the node was not running. The first point comes within 10 s of its start.',
      plots: false,
    };
  }
  const step = `One point for each ${stepText(found.stepSeconds)}. A gap is time of which nothing is known.`;
  const partly = found.complete ? '' : ' The store cannot be read: only what is in memory is shown.';
  return { text: step + partly, plots: true };
}

function stepText(seconds: number): string {
  if (seconds % 3600 === 0) return seconds === 3600 ? 'hour' : `${seconds / 3600} hours`;
  if (seconds % 60 === 0) return seconds === 60 ? 'minute' : `${seconds / 60} minutes`;
  return `${seconds} seconds`;
}
