import { expect, it } from 'vitest';
import { el, toHtml } from './element.js';
import { filterRows, filterWords } from './row-filter.js';

const row = (name: string, ...more: string[]) => el('li', { 'data-key': name }, el('b', {}, name), ...more);
const list = [el('p', {}, 'flash'), el('ul', {}, row('gemini-flash', 'resting'), row('gemini-pro', 'in use'))];
const html = (wanted: string): string => filterRows(list, wanted).parts.map(toHtml).join('');

it('hides rows without the text and leaves all else', () => {
  expect(filterRows(list, ' FLASH ')).toMatchObject({ shown: 1, rows: 2 });
  expect(html('flash')).toContain('<p>flash</p><ul><li data-key="gemini-flash"><b>gemini-flash</b>resting</li>');
  expect(html('flash')).toContain('<li data-key="gemini-pro" hidden="">');
  expect(filterRows(list, 'use').shown).toBe(1);
  expect(html('')).not.toContain('hidden');
});

it('says how many are left, and nothing while nothing is filtered', () => {
  expect(filterWords(filterRows(list, 'x'), 'x')).toBe('0 of 2 shown');
  expect(filterWords(filterRows(list, ' '), ' ')).toBe('');
});
