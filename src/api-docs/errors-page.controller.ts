import { Controller, Get, Res } from '@nestjs/common';
import { type Response } from 'express';
import { type Child, EARLY_ADDRESS, el, favicon, htmlPage, sendPage, STYLE_ADDRESS } from '../dashboard/index.js';
import { type ExplainedError, explainedErrors } from './domain/explained-errors.js';

/** `/docs/errors`: what every error code means, where `type` of a problem leads; served in production too. */
@Controller('docs/errors')
export class ErrorsPageController {
  readonly #html = errorsPage(explainedErrors());

  @Get()
  show(@Res() response: Response): void {
    sendPage(response, this.#html);
  }
}

function errorsPage(errors: readonly ExplainedError[]): string {
  const frame = {
    title: 'Errors · L104 Node',
    favicon: favicon('unknown'),
    style: STYLE_ADDRESS,
    early: EARLY_ADDRESS,
    scripts: [],
  };
  const index = el(
    'nav',
    { 'aria-label': 'Codes' },
    el(
      'ul',
      { class: 'index' },
      ...errors.map(({ code, anchor }) => el('li', {}, el('a', { href: `#${anchor}` }, code))),
    ),
  );
  return htmlPage(
    frame,
    el('a', { class: 'skip', href: '#main' }, 'Skip to the codes'),
    el('header', {}, el('h1', {}, 'Errors'), el('p', {}, el('a', { href: '/' }, 'L104 Node'))),
    el('main', { id: 'main', tabindex: '-1' }, el('section', {}, ...INTRODUCTION, index), ...errors.map(entry)),
  );
}

const INTRODUCTION: readonly Child[] = [
  el(
    'p',
    {},
    'Errors of Gemini keep their status, message and details. These are the errors the node makes itself. Native routes carry the code in ',
    el('code', {}, 'error.details[].reason'),
    ', OpenAI routes in ',
    el('code', {}, 'error.code'),
    ', all others in ',
    el('code', {}, 'code'),
    ' of ',
    el('code', {}, 'application/problem+json'),
    '.',
  ),
];

function entry({ code, anchor, title, status, fault, remedy }: ExplainedError): Child {
  return el(
    'section',
    { class: 'error', 'aria-labelledby': anchor },
    el('h2', { id: anchor }, el('code', {}, code)),
    el('p', {}, el('strong', {}, `${title}.`), ` HTTP status ${status}. ${fault}`),
    el('p', {}, remedy),
  );
}
