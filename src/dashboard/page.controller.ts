import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { type Request, type Response } from 'express';
import { gatewayError } from '../kernel/error-codes.js';
import { htmlPage } from './domain/page-frame.js';
import { landingLine, wantsPage } from './domain/landing.js';
import { statusPage } from './domain/status-page.js';
import { EARLY_ADDRESS, PageAssets, SCRIPT_ADDRESSES, STYLE_ADDRESS } from './page-assets.js';
import { PageFactsService } from './page-facts.service.js';
import { sendPage } from './page-response.js';

/** The first page at `/`: a page for a browser, one line for a terminal. */
@Controller()
export class PageController {
  constructor(
    private readonly facts: PageFactsService,
    private readonly assets: PageAssets,
  ) {}

  @Get()
  @Header('vary', 'Accept')
  @Header('cache-control', 'no-store')
  async first(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { docs } = this.facts;
    if (!wantsPage(request.headers.accept)) {
      response.type('text/plain').send(landingLine({ ...this.facts.reading(), docs }));
      return;
    }
    const { status, body } = statusPage({
      facts: await this.facts.now(),
      command: this.facts.firstCall(request),
      docs,
    });
    sendPage(
      response,
      htmlPage({ ...status, style: STYLE_ADDRESS, early: EARLY_ADDRESS, scripts: SCRIPT_ADDRESSES }, ...body),
    );
  }

  /** The style sheet and the browser's modules; checked for news at every load, sent again only when there are any. */
  @Get('assets/*name')
  @ApiExcludeEndpoint()
  async asset(@Req() request: Request, @Res() response: Response): Promise<void> {
    const found = await this.assets.find(request.path.slice('/assets/'.length));
    if (found === undefined) throw gatewayError('NOT_FOUND', 'There is no such asset.');
    response.setHeader('cache-control', 'no-cache');
    response.setHeader('etag', found.etag);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('content-type', found.type);
    response.vary('accept-encoding');
    const compressed = request.acceptsEncodings(['gzip', 'identity']) === 'gzip';
    if (compressed) response.setHeader('content-encoding', 'gzip');
    response.send(compressed ? found.gzip : found.body);
  }
}
