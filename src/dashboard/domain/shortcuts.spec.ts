import { expect, it } from 'vitest';
import { type Press, type ShortcutAct, Shortcuts } from './shortcuts.js';

const pressed = (...presses: (string | Partial<Press>)[]): (ShortcutAct | undefined)[] => {
  const shortcuts = new Shortcuts();
  return presses.map((one, n) => {
    const press = typeof one === 'string' ? { key: one } : one;
    return shortcuts.press({ key: '', modified: false, taken: false, at: n * 100, ...press });
  });
};

it('leads by single keys and by two', () => {
  expect(pressed('?', '/', 'r', 'x')).toEqual(['help', 'filter', 'refresh', undefined]);
  expect(pressed('g', 's', 'g', 't', 'g', 'h').filter((act) => act !== undefined)).toEqual([
    'status',
    'targets',
    'healing',
  ]);
});

it('forgets a first key that is followed by another, too late, or by none of its own', () => {
  expect(pressed('s', 't', 'h')).toEqual([undefined, undefined, undefined]);
  expect(pressed('g', 'x', 's')).toEqual([undefined, undefined, undefined]);
  expect(pressed('g', { key: 's', at: 2000 })).toEqual([undefined, undefined]);
  expect(pressed('g', 'g', 's')).toEqual([undefined, undefined, 'status']);
});

it('leaves keys alone that belong to a field, a dialog or the browser', () => {
  for (const other of [{ modified: true }, { taken: true }])
    for (const key of ['?', '/', 'r']) expect(pressed({ key, ...other })).toEqual([undefined]);
  expect(pressed('g', { key: 's', taken: true }, 's')).toEqual([undefined, undefined, undefined]);
});
