import { expect, it } from 'vitest';
import { type Child, el, joinTexts, sameParts, toHtml } from './element.js';

it('writes elements, attributes and texts', () => {
  expect(toHtml(el('p', { id: 'a' }, 'one ', el('b', {}, 'two'), el('br')))).toBe('<p id="a">one <b>two</b><br></p>');
});

it('lets no text become markup', () => {
  const hostile = `<img src=x onerror="alert('1')">&`;
  const shown = '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;';
  expect(toHtml(el('p', { title: hostile }, hostile))).toBe(`<p title="${shown}">${shown}</p>`);
});

it('joins texts that stand side by side and drops empty ones', () => {
  const line = el('br');
  expect(joinTexts(['', 'a', 'b', '', line, '', 'c', ''])).toEqual(['ab', line, 'c']);
});

it('tells parts that look the same from others', () => {
  const part = (text: string, attributes = { id: 'a' }): Child[] => [el('p', attributes, el('b', {}, text)), 'x'];
  expect(sameParts(part('one'), part('one'))).toBe(true);
  for (const other of [part('two'), part('one', { id: 'b' }), [...part('one'), 'y'], part('one').slice(1), []])
    expect(sameParts(part('one'), other)).toBe(false);
  expect(sameParts([el('p', { id: 'a' })], [el('p', { id: 'a', hidden: '' })])).toBe(false);
});
