import { Injectable } from '@nestjs/common';

/** Where the node is in its life. */
export type LifePhase = 'starting' | 'running' | 'draining';

/** The phase of the node's life, told by the process entry and read by probes and routes. */
@Injectable()
export class Lifecycle {
  phase: LifePhase = 'starting';
}
