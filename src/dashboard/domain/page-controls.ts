import { type Child, el } from './element.js';
import { THEMES } from './theme.js';

/** What a reader can set on the page itself; shown by the program, without which it does nothing. */
export function pageControls(): Child {
  const options = THEMES.map((theme) => el('option', { value: theme }, theme));
  return el(
    'div',
    { id: 'controls', class: 'controls', hidden: '' },
    el('label', { for: 'theme' }, 'Theme'),
    el('select', { id: 'theme' }, ...options),
    el('button', { id: 'help', type: 'button', 'aria-haspopup': 'dialog' }, 'Keys ', el('kbd', {}, '?')),
  );
}

/** The field that filters the targets, and how many it leaves; shown by the program. */
export function targetFilter(): Child {
  return el(
    'p',
    { id: 'filter-line', class: 'filter', hidden: '' },
    el('label', { for: 'filter' }, 'Filter'),
    el('input', { id: 'filter', type: 'search', autocomplete: 'off', spellcheck: 'false', 'aria-controls': 'targets' }),
    el('span', { id: 'filter-found', role: 'status' }),
  );
}
