import { SITUATIONS } from '../../kernel/situation.js';
import { type Element, el } from './element.js';

/** What the page can say of the node: the situations that `GET /health` tells, and `unknown` when there is no contact. */
export const PAGE_STATES = [...SITUATIONS, 'unknown'] as const;
export type PageState = (typeof PAGE_STATES)[number];

/** How a state is shown: never by colour alone. */
export interface Sign {
  readonly word: string;
  /** For the page title, where only characters can be shown; those of one tone and weight share theirs. */
  readonly mark: string;
  /** Class of colours in the style sheet. */
  readonly tone: 'ok' | 'warn' | 'bad' | 'info' | 'idle';
  /** Outline in a square of 24, drawn with a stroke: a shape of its own for each state. */
  readonly path: string;
}

const SIGNS: Readonly<Record<PageState, Sign>> = {
  starting: { word: 'Starting', mark: '◌', tone: 'info', path: 'M12 3a9 9 0 0 1 9 9M12 21a9 9 0 0 1-9-9M12 8v4l3 2' },
  healthy: {
    word: 'Healthy',
    mark: '✔',
    tone: 'ok',
    path: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M8 12.2l2.8 2.8L16.2 9.4',
  },
  idle: {
    word: 'Healthy and waiting',
    mark: '✔',
    tone: 'ok',
    path: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M7.8 12v.2M12 12v.2M16.2 12v.2',
  },
  recovered: {
    word: 'Healthy again',
    mark: '✔',
    tone: 'ok',
    path: 'M4.2 7.5A9 9 0 1 1 3 12M4 3v4.6h4.6M8 12.2l2.8 2.8L16.2 9.4',
  },
  degraded: { word: 'Degraded', mark: '▲', tone: 'warn', path: 'M12 3.5L22 20.5H2ZM12 10v4.5M12 17.4v.2' },
  quota: { word: 'Quota used up', mark: '◷', tone: 'warn', path: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 3v9h9' },
  healing: {
    word: 'Healing',
    mark: '↻',
    tone: 'info',
    path: 'M20.5 12a8.5 8.5 0 1 1-2.6-6.1M20.6 2.6v4.6H16M12 8.5v7M8.5 12h7',
  },
  watch: {
    word: 'Watch',
    mark: '◇',
    tone: 'info',
    path: 'M12 2.5L21.5 12L12 21.5L2.5 12ZM12 8v4.5M12 15.6v.2',
  },
  overloaded: { word: 'Busy', mark: '▲', tone: 'warn', path: 'M12 3L20 12H4ZM12 12L20 21H4Z' },
  unhealthy: {
    word: 'Failing',
    mark: '✖',
    tone: 'bad',
    path: 'M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3ZM9 9l6 6M15 9l-6 6',
  },
  needs_you: {
    word: 'Needs you',
    mark: '✖',
    tone: 'bad',
    path: 'M9 3.5a3.3 3.3 0 1 0 0 6.6a3.3 3.3 0 1 0 0-6.6M2.5 20.5a6.5 6.5 0 0 1 13 0M20.5 4.5v9M20.5 17.8v.2',
  },
  isolated: {
    word: 'Taken out',
    mark: '‖',
    tone: 'idle',
    path: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M9.5 8v8M14.5 8v8',
  },
  draining: { word: 'Shutting down', mark: '⇣', tone: 'idle', path: 'M12 3v13M6.5 11L12 16.5L17.5 11M4 21h16' },
  unknown: {
    word: 'No contact',
    mark: '?',
    tone: 'idle',
    path: 'M3 6a3 3 0 0 1 3-3h12a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3ZM9.3 9.6a2.8 2.8 0 1 1 4.4 2.2c-1 .7-1.7 1.2-1.7 2.4M12 17.2v.2',
  },
};

/** Colours that can be told from a light and from a dark row of tabs. */
const TAB_COLOURS: Readonly<Record<Sign['tone'], string>> = {
  ok: '#16a34a',
  warn: '#d97706',
  bad: '#dc2626',
  info: '#3b82f6',
  idle: '#808a96',
};

/** The sign of a state. */
export function signOf(state: PageState): Sign {
  return SIGNS[state];
}

/** The shape of a state as an image beside a text that says the same. */
export function icon(state: PageState): Element {
  return el(
    'svg',
    { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' },
    el('path', { d: SIGNS[state].path }),
  );
}

/** Address of the icon for the browser's tab. */
export function favicon(state: PageState): string {
  const { path, tone } = SIGNS[state];
  const stroke = `stroke="${TAB_COLOURS[tone]}" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="none" ${stroke} d="${path}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
