import { expect, it } from 'vitest';
import { el, toHtml } from './element.js';

it('writes elements, attributes and texts', () => {
  expect(toHtml(el('p', { id: 'a' }, 'one ', el('b', {}, 'two'), el('br')))).toBe('<p id="a">one <b>two</b><br></p>');
});

it('lets no text become markup', () => {
  const hostile = `<img src=x onerror="alert('1')">&`;
  const shown = '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;';
  expect(toHtml(el('p', { title: hostile }, hostile))).toBe(`<p title="${shown}">${shown}</p>`);
});
