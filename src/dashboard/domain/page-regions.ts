import { describeDuration } from '../../kernel/duration.js';
import { alertsRegion, healingRegion } from './admin-regions.js';
import { type Child, el } from './element.js';
import { feelRegion } from './feel-region.js';
import { forecastRegion } from './forecast-region.js';
import { limitsRegion } from './limits-region.js';
import { type ConditionReading, type HealthReading } from './node-reading.js';
import { moment, type ReaderClock } from './moment.js';
import { type Readings } from './readings.js';
import { sinceRegion } from './since-region.js';
import { icon } from './state-sign.js';
import { targetsRegion } from './targets-region.js';
import { toldOnce } from './told-once.js';
import { vitalsRegion } from './vitals-region.js';

/** What the page shows at one moment. */
export interface PageFacts extends Readings {
  readonly health: HealthReading;
  /** Wall-clock ms. */
  readonly now: number;
  readonly clock: ReaderClock;
}

/** Parts of the page that change, by the id of the element that holds them. */
export type RegionName =
  | 'identity'
  | 'notice'
  | 'happened'
  | 'feel'
  | 'since'
  | 'targets'
  | 'healing'
  | 'alerts'
  | 'forecast'
  | 'vitals'
  | 'limits'
  | 'build';

/** The content of every part of the page that changes. */
export function regionsOf(facts: PageFacts): Readonly<Record<RegionName, readonly Child[]>> {
  const { health, figures, overview, clock } = facts;
  return {
    identity: identity(facts),
    notice: health.upstream === 'simulator' ? SIMULATED : [],
    happened: happened(facts),
    feel: feelRegion(facts.recent),
    since: sinceRegion(figures, health.requests_total, clock),
    targets: targetsRegion(facts),
    healing: healingRegion(facts.heals, clock, typeof figures === 'string' ? '' : figures.uptime_start),
    alerts: alertsRegion(toldOnce(facts.alerts, health), clock),
    forecast: forecastRegion(overview, clock),
    vitals: vitalsRegion(overview),
    limits: limitsRegion(overview, clock),
    build: build(facts),
  };
}

const SIMULATED: readonly Child[] = [
  el(
    'p',
    {},
    el('strong', {}, 'Simulator:'),
    ' answers are not from Gemini. Set ',
    el('code', {}, 'GEMINI_API_KEY'),
    ' and start the node again.',
  ),
];

/** Which node this is, for how long, and before what; its name is only for administrators. */
function identity({ health, overview }: PageFacts): Child[] {
  const { version, upstream, uptime_seconds: uptime } = health;
  const name = typeof overview === 'string' || overview.node.name === '' ? [] : [overview.node.name];
  return [[...name, `v${version}`, `up ${roughly(uptime * 1000)}`, `upstream: ${upstream}`].join(' · ')];
}

/** What runs here. */
function build({ health, overview }: PageFacts): Child[] {
  const parts = [`L104 Node v${health.version}`];
  if (typeof overview !== 'string') {
    const { runtime, processes } = overview.node;
    parts.push(
      `Node.js ${runtime}`,
      processes === 1 ? 'one process' : `${processes} processes, of which this page asks one`,
    );
  }
  return [parts.join(' · ')];
}

/** Minutes are enough: a text that changes every second cannot be read. */
function roughly(ms: number): string {
  return ms < 60_000 ? 'less than a minute' : describeDuration(ms - (ms % 60_000));
}

/** What the sentence says of the parts, each for itself; nothing while all are well. */
function happened({ health: { conditions }, now, clock }: PageFacts): Child[] {
  if (conditions.length === 0) return [];
  const title = conditions.length === 1 ? 'What happened' : `What happened: ${conditions.length} findings`;
  return [
    el(
      'details',
      { 'data-key': 'happened' },
      el('summary', {}, title),
      el('ul', { class: 'rows' }, ...conditions.map((one) => condition(one, now, clock))),
    ),
  ];
}

function condition({ name, severity, reason, since }: ConditionReading, now: number, clock: PageFacts['clock']): Child {
  const bad = severity === 'unhealthy';
  const begun = Date.parse(since);
  return el(
    'li',
    { 'data-tone': bad ? 'bad' : 'warn', 'data-key': name },
    icon(bad ? 'unhealthy' : 'degraded'),
    el(
      'div',
      {},
      el('strong', {}, `${name.replaceAll('_', ' ')}: ${bad ? 'failing' : 'degraded'}`),
      el('p', {}, reason),
      el('small', {}, 'since ', moment(since, clock), Number.isNaN(begun) ? '' : ` (${roughly(now - begun)})`),
    ),
  );
}
