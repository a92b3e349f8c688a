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

/** Tells when a client has heard nothing for too long. */
export class HeartbeatTimer {
  #timer: QuietTimer | undefined;

  /** @param sent how often something was sent to it: each time puts off when it is `due` to hear of the node */
  constructor(
    private readonly times: HeartbeatTimes,
    private readonly sent: () => number,
    private readonly due: () => void,
  ) {
    this.#start(times.earlyHeadMs, 1);
  }

  /** The head is sent: the shorter time of a stream that has begun holds. */
  headSent(): void {
    this.stop();
    this.#start(this.times.beatMs / (LOOKS + 1), LOOKS);
  }

  /** Nothing more is to be sent. */
  stop(): void {
    this.#timer?.stop();
    this.#timer = undefined;
  }

  #start(intervalMs: number, looks: number): void {
    if (intervalMs > 0) this.#timer = new QuietTimer(intervalMs, looks, { signs: this.sent, onQuiet: this.due });
  }
}
