import { Inject, Injectable } from '@nestjs/common';
import { EventStream } from '../kernel/event-stream.js';
import { LOG, type Log } from './logging.js';
import { type RequestFinished } from './request-context.js';

/** Facts about the requests this node serves, whichever way they came in. */
@Injectable()
export class RequestEvents {
  readonly finished: EventStream<RequestFinished>;

  constructor(@Inject(LOG) log: Log) {
    this.finished = new EventStream((error) => {
      log.error({ err: error }, 'a listener of request events failed');
    });
  }
}
