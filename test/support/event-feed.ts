/** An event as a reader of `GET /self/events` gets it. */
export interface FedEvent {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly data: Record<string, unknown>;
}

/** A reader of `GET /self/events`. */
export class EventFeed {
  /** Blocks so far that are no events: comments, and how long to wait. */
  readonly others: string[] = [];
  readonly events: FedEvent[] = [];
  /** How the answer ended: cleanly, or broken off. */
  ended: 'clean' | 'broken' | undefined;
  readonly #leave: AbortController;

  private constructor(
    readonly response: Response,
    leave: AbortController,
  ) {
    this.#leave = leave;
    void this.#read().then(
      () => (this.ended = 'clean'),
      () => (this.ended = 'broken'),
    );
  }

  /** Connects; what was asked for is answered when it resolves, or refused. */
  static async open(url: string, seen?: string | number, query = ''): Promise<EventFeed> {
    const leave = new AbortController();
    const headers: Record<string, string> = seen === undefined ? {} : { 'last-event-id': String(seen) };
    return new EventFeed(await fetch(`${url}/self/events${query}`, { headers, signal: leave.signal }), leave);
  }

  /** Names of the events so far. */
  get names(): (string | undefined)[] {
    return this.events.map(({ name }) => name);
  }

  /** Goes away. */
  leave(): void {
    this.#leave.abort();
  }

  async #read(): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of this.response.body ?? []) {
      const blocks = (text + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    }
  }

  #take(block: string): void {
    const field = (name: string): string | undefined =>
      block
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const data = field('data');
    if (data === undefined) this.others.push(block);
    else this.events.push({ id: field('id'), name: field('event'), data: JSON.parse(data) as FedEvent['data'] });
  }
}
