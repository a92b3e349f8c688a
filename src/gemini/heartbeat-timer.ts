/** Times of a stream's heartbeats, ms; 0 stands for never. */
export interface HeartbeatTimes {
  /** From the sending of the call to a head ahead of the answer. */
  readonly earlyHeadMs: number;
  /** Silence after which a stream that has begun gets a heartbeat. */
  readonly beatMs: number;
}

/** Tells when a client has heard nothing for too long; one timer, put off by whatever is sent. */
export class HeartbeatTimer {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly times: HeartbeatTimes,
    private readonly due: () => void,
  ) {
    this.#set(times.earlyHeadMs);
  }

  /** The head is sent: the shorter time of a stream that has begun holds. */
  headSent(): void {
    this.#set(this.times.beatMs);
  }

  /** Something was sent. */
  sent(): void {
    this.#timer?.refresh();
  }

  /** Nothing more is to be sent. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #set(ms: number): void {
    this.stop();
    if (ms > 0) this.#timer = setInterval(this.due, ms);
  }
}
