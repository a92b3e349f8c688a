import { Injectable } from '@nestjs/common';
import { Simulator } from '../../simulator/index.js';
import { type Upstream, upstreams } from '../upstream.js';

/** The built-in simulator, started only when it is the one that answers. */
@upstreams.contribute()
@Injectable()
export class SimulatorUpstream implements Upstream {
  readonly name = 'simulator';
  readonly basePath = '';

  constructor(private readonly simulator: Simulator) {}

  get origin(): string {
    return this.simulator.url;
  }

  async open(): Promise<void> {
    await this.simulator.start();
  }
}
