/** A point in time, s, on the reader's clock with the same moment in UTC behind it. */
export function timeText(seconds: number): string {
  const moment = new Date(seconds * 1000);
  const utc = moment.toISOString().slice(5, 19).replace('T', ' ');
  return `${moment.toLocaleString(undefined, LOCAL)} (${utc} UTC)`;
}

/** What an axis says at a point in time, s: the time of day, or the day where steps are that long or a day begins. */
export function axisTime(seconds: number, stepSeconds: number): string {
  const moment = new Date(seconds * 1000);
  const midnight = moment.getHours() === 0 && moment.getMinutes() === 0;
  return stepSeconds >= 86_400 || midnight
    ? moment.toLocaleDateString(undefined, { month: 'short', day: 'numeric' })
    : moment.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
}

const LOCAL: Intl.DateTimeFormatOptions = {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
};
