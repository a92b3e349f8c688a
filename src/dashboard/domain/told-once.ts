import { type AlertReading } from './admin-reading.js';
import { type HealthReading } from './node-reading.js';
import { type Readings } from './readings.js';

const ALREADY = 'What the status says.';

/** The alerts, of which those that say no more than the status says it no second time; numbers that count make no difference. */
export function toldOnce(alerts: Readings['alerts'], { summary, conditions }: HealthReading): Readings['alerts'] {
  if (typeof alerts === 'string') return alerts;
  const told = [summary, ...conditions.map(({ reason }) => reason)].map(withoutNumbers);
  const repeats = ({ state, summary: words }: AlertReading): boolean =>
    state !== 'resolved' && words !== '' && told.some((text) => text.includes(withoutNumbers(words)));
  return alerts.map((alert) => (repeats(alert) ? { ...alert, summary: ALREADY } : alert));
}

/** Times left and counts go on between the alert and the status. */
function withoutNumbers(text: string): string {
  return text.replace(/\d+/g, '0');
}
