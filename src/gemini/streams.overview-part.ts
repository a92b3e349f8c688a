import { Injectable } from '@nestjs/common';
import { type OverviewPart, overviewParts } from '../watchdog/index.js';
import { Gateway } from './gateway.js';

/** How many answers are being sent now. */
@overviewParts.contribute()
@Injectable()
export class StreamsOverview implements OverviewPart {
  readonly name = 'streams';

  constructor(private readonly gateway: Gateway) {}

  read(): unknown {
    return { open: this.gateway.streams };
  }
}
