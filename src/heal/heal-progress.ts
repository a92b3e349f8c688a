import { Inject, Injectable } from '@nestjs/common';
import { EventStream } from '../kernel/event-stream.js';
import { LOG, type Log } from '../platform/logging.js';
import { type StepRecord } from './heal-run.js';

/** A step of a heal begins or has ended: of interest only while the heal runs, so the journal does not keep it. */
export interface StepProgress {
  readonly run_id: string;
  readonly step: string;
  readonly state: 'started' | 'finished';
  readonly result?: StepRecord['result'];
}

/** Tells which step of a heal runs now. */
@Injectable()
export class HealProgress {
  readonly steps: EventStream<StepProgress>;

  constructor(@Inject(LOG) log: Log) {
    this.steps = new EventStream((error) => {
      log.error({ err: error }, 'a listener of heals failed');
    });
  }
}
