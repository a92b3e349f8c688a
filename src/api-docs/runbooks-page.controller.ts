import { Controller, Get, Res } from '@nestjs/common';
import { type Response } from 'express';
import { type Runbook, RUNBOOKS } from '../alerts/index.js';
import { type Child, el, favicon, htmlPage, sendPage, STYLE_ADDRESS } from '../dashboard/index.js';

/** `/docs/runbooks`: what each alert means and what to do, where the link in an alert leads; served in production too. */
@Controller('docs/runbooks')
export class RunbooksPageController {
  readonly #html = runbooksPage();

  @Get()
  show(@Res() response: Response): void {
    sendPage(response, this.#html);
  }
}

function runbooksPage(): string {
  const frame = { title: 'Runbooks · L104 Node', favicon: favicon('unknown'), style: STYLE_ADDRESS, scripts: [] };
  const links = RUNBOOKS.map(({ alert }) => el('li', {}, el('a', { href: `#${alert.toLowerCase()}` }, alert)));
  return htmlPage(
    frame,
    el('a', { class: 'skip', href: '#main' }, 'Skip to the alerts'),
    el('header', {}, el('h1', {}, 'Runbooks'), el('p', {}, el('a', { href: '/' }, 'L104 Node'))),
    el(
      'main',
      { id: 'main', tabindex: '-1' },
      el('section', {}, el('nav', { 'aria-label': 'Alerts' }, el('ul', { class: 'index' }, ...links))),
      ...RUNBOOKS.map(entry),
    ),
  );
}

function entry({ alert, severity, text }: Runbook): Child {
  const anchor = alert.toLowerCase();
  return el(
    'section',
    { class: 'error', 'aria-labelledby': anchor },
    el('h2', { id: anchor }, alert),
    el('p', {}, el('strong', {}, `${severity}.`), ' ', ...withCode(text)),
  );
}

/** What stands between backticks as code. */
function withCode(text: string): Child[] {
  return text.split('`').map((part, index) => (index % 2 === 0 ? part : el('code', {}, part)));
}
