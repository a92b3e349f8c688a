import { closestName } from '../../kernel/closest-name.js';
import { gatewayError } from '../../kernel/error-codes.js';
import { type Series } from '../domain/history/series.js';

/** The series of a name; throws BAD_REQUEST, with the nearest name there is, for one that is not there. */
export function seriesNamed(series: ReadonlyMap<string, Series>, name: string): Series {
  const known = series.get(name);
  if (known !== undefined) return known;
  const near = closestName(name.slice(0, 100), [...series.keys()]);
  const hint = near === undefined ? 'GET /metrics/history lists them' : `did you mean ${near}?`;
  throw gatewayError('BAD_REQUEST', `series: there is none of the name ${shown(name)}; ${hint}`, { param: 'series' });
}

/** A name that came from outside, short enough for a message. */
function shown(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
