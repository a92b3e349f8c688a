import { type Child, el } from '../element.js';
import { SHORTCUTS } from '../shortcuts.js';

/** The help: what keys do, that they can be switched off, and how the page can be asked to look. */
export function helpBody(on: boolean): Child[] {
  const rows = SHORTCUTS.map(({ keys, about }) => {
    const parts = keys.flatMap((key, n) => [n === 0 ? '' : ' then ', el('kbd', {}, key)]);
    return el('div', {}, el('dt', {}, ...parts), el('dd', {}, about));
  });
  return [
    el(
      'dl',
      { class: 'keys' },
      ...rows,
      el('div', {}, el('dt', {}, el('kbd', {}, 'Esc')), el('dd', {}, 'close a dialog, or empty the filter')),
    ),
    el(
      'p',
      {},
      el(
        'label',
        {},
        el('input', { type: 'checkbox', name: 'keys', ...(on ? { checked: '' } : {}) }),
        ' Keys are on. No key changes anything at the node.',
      ),
    ),
    el('p', {}, 'The page looks every 5 s and at each event; ', el('code', {}, '/?refresh=60'), ' makes that 60 s.'),
  ];
}
