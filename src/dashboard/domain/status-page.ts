import { type Child, el } from './element.js';
import { pageControls, targetFilter } from './page-controls.js';
import { type PageFacts, regionsOf } from './page-regions.js';
import { icon } from './state-sign.js';
import { isIdle, statusOf, type StatusView } from './status-view.js';

/** What the first page shows when it arrives, and where it leads. */
export interface StatusPage {
  readonly facts: PageFacts;
  /** A first call for a shell. */
  readonly command: string;
  /** Whether `/docs` is served. */
  readonly docs: boolean;
}

/** The body of the first page with the state at this moment in it: it says something before any program runs. */
export function statusPage({ facts, command, docs }: StatusPage): { status: StatusView; body: readonly Child[] } {
  const status = statusOf(facts.health);
  const regions = regionsOf(facts);
  const main = el(
    'main',
    { id: 'main', tabindex: '-1' },
    el('div', { id: 'notice', class: 'notice' }, ...regions.notice),
    statusSection(status, regions.happened),
    el('p', { id: 'done', class: 'done', role: 'status' }),
    feelSection(regions),
    section('targets', 'Targets', targetFilter(), ...regions.targets),
    section('healing', 'Healing', undefined, ...regions.healing),
    section('alerts', 'Alerts', undefined, ...regions.alerts),
    el('section', { id: 'history' }, el('h2', {}, 'History'), el('noscript', {}, 'The plots need JavaScript.')),
    section('forecast', 'Forecast', undefined, ...regions.forecast),
    section('vitals', 'Vitals', undefined, ...regions.vitals),
    section('limits', 'Limits', undefined, ...regions.limits),
    firstCall(command, isIdle(facts.health)),
  );
  const skip = el('a', { class: 'skip', href: '#main' }, 'Skip to the status');
  return { status, body: [skip, header(regions.identity, facts), main, footer(docs, regions.build)] };
}

function header(identity: readonly Child[], { now, clock }: PageFacts): Child {
  return el(
    'header',
    {},
    el('h1', {}, 'L104 Node'),
    el('p', { id: 'identity' }, ...identity),
    el('p', { id: 'live', class: 'live' }, `as of ${clock(now)}`),
    el('p', { id: 'session-said', class: 'span', role: 'status' }),
    el('div', { class: 'tools' }, el('div', { id: 'session' }), pageControls()),
    el('div', { id: 'sign-in-place' }),
  );
}

function statusSection({ state, tone, lead, rest }: StatusView, happened: readonly Child[]): Child {
  const retry = el(
    'p',
    { id: 'retry', class: 'retry', hidden: '' },
    el('span', { id: 'retry-text' }),
    ' ',
    el('button', { id: 'retry-now', type: 'button' }, 'Try now'),
  );
  return el(
    'section',
    { id: 'status', class: 'status', 'data-tone': tone, 'aria-labelledby': 'status-title' },
    el('h2', { id: 'status-title', class: 'unseen' }, 'Status'),
    el('div', { id: 'sign', class: 'sign' }, icon(state)),
    el(
      'div',
      {},
      el(
        'p',
        { id: 'sentence', role: 'status', 'aria-live': 'polite', 'aria-atomic': 'true' },
        el('strong', {}, lead),
        ` ${rest}`,
      ),
      retry,
      el('div', { id: 'happened', class: 'happened' }, ...happened),
      el('noscript', {}, el('p', {}, 'Without JavaScript this page does not refresh itself: load it again for news.')),
    ),
  );
}

function feelSection({ feel, since }: ReturnType<typeof regionsOf>): Child {
  return el(
    'section',
    { 'aria-labelledby': 'feel-title', class: 'dims' },
    el('h2', { id: 'feel-title' }, 'What users feel ', el('small', { id: 'age' })),
    el('div', { id: 'feel' }, ...feel),
    el('details', {}, el('summary', {}, 'All counts since the start'), el('div', { id: 'since' }, ...since)),
  );
}

function section(id: string, title: string, beside: Child | undefined, ...content: Child[]): Child {
  const heading = el('h2', { id: `${id}-title` }, title);
  const tools = beside === undefined ? [] : [beside];
  return el(
    'section',
    { 'aria-labelledby': `${id}-title`, class: 'dims' },
    heading,
    ...tools,
    el('div', { id }, ...content),
  );
}

function firstCall(command: string, idle: boolean): Child {
  return el(
    'section',
    { id: 'try', 'aria-labelledby': 'try-title', ...(idle ? {} : { hidden: '' }) },
    el('h2', { id: 'try-title' }, 'Try one'),
    el('p', {}, 'A first call, to paste into a terminal. What it does shows up on this page within seconds.'),
    el('pre', { tabindex: '0', 'aria-labelledby': 'try-title' }, el('code', { id: 'command' }, command)),
    el(
      'p',
      {},
      el('button', { id: 'copy', type: 'button', hidden: '' }, 'Copy'),
      ' ',
      el('span', { id: 'copied', role: 'status' }),
    ),
  );
}

function footer(docs: boolean, build: readonly Child[]): Child {
  const links: [string, string, string][] = [
    ...(docs ? ([['/docs', 'API', 'every route, to read and to try']] as [string, string, string][]) : []),
    ['/docs/errors', 'Errors', 'every error code and what to do'],
    ['/metrics', 'Metrics', 'JSON; text for Prometheus'],
    ['/health', 'Health', 'the state as JSON'],
  ];
  const items = links.map(([href, name, about]) => el('li', {}, el('a', { href }, name), el('small', {}, ` ${about}`)));
  return el(
    'footer',
    {},
    el('p', { id: 'build', class: 'span' }, ...build),
    el('nav', { 'aria-label': 'More' }, el('ul', {}, ...items)),
  );
}
