import { type Child, type Element, el } from '../element.js';

/** A dialog without content yet: its form takes what is asked, and its words are read out. */
export function dialogFrame(title: string): Element {
  return el(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'dialog-title' },
    el(
      'form',
      { id: 'dialog-form' },
      el('h2', { id: 'dialog-title' }, title),
      el('div', { id: 'dialog-body' }),
      el('p', { id: 'dialog-said', class: 'said', role: 'status' }),
      el('p', { id: 'dialog-buttons', class: 'acts' }),
    ),
  );
}

/** The buttons of a dialog: what goes on, if anything does, and the way out. */
export function dialogButtons(go: string | undefined, leave: string): Child[] {
  return [
    ...(go === undefined ? [] : [el('button', { id: 'dialog-go', type: 'submit', class: 'go' }, go)]),
    el('button', { id: 'dialog-leave', type: 'button' }, leave),
  ];
}

/** Longest reason that the node takes, characters. */
const REASON = '200';

/** A field for a reason, which others will read. */
export function reasonField(about: string): Child {
  return el(
    'p',
    { class: 'field' },
    el('label', { for: 'dialog-reason' }, about),
    el('input', { id: 'dialog-reason', name: 'reason', maxlength: REASON, required: '', autocomplete: 'off' }),
  );
}

/** A choice of one of some, the first of which is made. */
export function choice(name: string, about: string, options: Readonly<Record<string, string>>): Child {
  const radios = Object.entries(options).map(([value, label], n) =>
    el('label', {}, el('input', { type: 'radio', name, value, ...(n === 0 ? { checked: '' } : {}) }), ` ${label}`),
  );
  return el('fieldset', {}, el('legend', {}, about), ...radios);
}
