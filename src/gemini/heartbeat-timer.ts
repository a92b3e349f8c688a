import { QuietTimer } from './quiet-timer.js';

/** Looks within the time of a heartbeat: it comes when three in a row find nothing sent, which is a quarter of it too early at most and never too late. */
const LOOKS = 3;

/** Times of a stream's heartbeats, ms; 0 stands for never. */
export interface HeartbeatTimes {
  /** From the sending of the call to a head ahead of the answer. */
  readonly earlyHeadMs: number;
  /** Silence after which a stream that has begun gets a heartbeat. */
  readonly beatMs: number;
}

/** Tells when a client has heard nothing for too long; whatever is sent puts it off. */
export class HeartbeatTimer {
  #timer: QuietTimer | undefined;

  constructor(
    private readonly times: HeartbeatTimes,
    private readonly due: () => void,
  ) {
    if (times.earlyHeadMs > 0) this.#timer = new QuietTimer(times.earlyHeadMs, 1, due);
  }

  /** The head is sent: the shorter time of a stream that has begun holds. */
  headSent(): void {
    this.stop();
    const { beatMs } = this.times;
    if (beatMs > 0) this.#timer = new QuietTimer(beatMs / (LOOKS + 1), LOOKS, this.due);
  }

  /** Something was sent. */
  sent(): void {
    this.#timer?.touch();
  }

  /** Nothing more is to be sent. */
  stop(): void {
    this.#timer?.stop();
    this.#timer = undefined;
  }
}
