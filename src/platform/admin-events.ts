import { Inject, Injectable } from '@nestjs/common';
import { EventStream } from '../kernel/event-stream.js';
import { LOG, type Log } from './logging.js';

/** Fact: somebody has changed something through the routes of administrators, or was kept from it. Nothing in it is secret. */
export interface AdminAction {
  /** Method and route, such as `POST /self/circuits/:name/isolate`. */
  readonly action: string;
  /** What the address names, where the action succeeded. */
  readonly target?: string;
  /** False for who was refused for want of the right token. */
  readonly admitted: boolean;
  /** HTTP status; 499 when the client went away before the answer was whole. */
  readonly status: number;
  /** `token:` with the beginning of the token's SHA-256, `session:` with its id, `loopback`, or `nobody`. */
  readonly who: string;
  readonly address: string;
  /** What was given as reason, where the action succeeded. */
  readonly reason?: string;
  readonly requestId: string;
}

/** Facts about what administrators do, whichever module's route it is. */
@Injectable()
export class AdminEvents {
  readonly actions: EventStream<AdminAction>;

  constructor(@Inject(LOG) log: Log) {
    this.actions = new EventStream((error) => {
      log.error({ err: error }, 'a listener of admin actions failed');
    });
  }
}
