import { type Clock } from '../../../kernel/clock.js';
import { PRIORITIES, type Priority } from './priority-queue.js';

/** A refusal for want of room is the state of the node for so long, ms: callers that were told to wait come back within it. */
const LATELY_MS = 10_000;

/** Where room was wanting: among the calls of the node, in the memory for bodies, or at a model. */
export type Room = 'calls' | 'body_memory' | 'model';

/** That room is wanting now. */
export interface CrowdFacts {
  readonly room: Room;
  /** Only what is of low priority was refused. */
  readonly lowOnly: boolean;
}

/** Remembers who was refused for want of room of late; as many facts as there are priorities, whatever comes. */
export class Crowd {
  readonly #last = new Map<Priority, number>();
  #room: Room = 'calls';

  constructor(private readonly clock: Clock) {}

  /** Takes a refusal; one of a body counts as one of what is not less important than others. */
  refused(room: Room, priority: Priority = 'normal'): void {
    this.#last.set(priority, this.clock.now());
    this.#room = room;
  }

  /** What is wanting; undefined when nobody was refused of late. */
  get now(): CrowdFacts | undefined {
    const oldest = this.clock.now() - LATELY_MS;
    const refused = PRIORITIES.filter((priority) => (this.#last.get(priority) ?? Number.NEGATIVE_INFINITY) > oldest);
    if (refused.length === 0) return undefined;
    return { room: this.#room, lowOnly: refused.length === 1 && refused[0] === 'low' };
  }
}

/** What is told of a crowd beside who was refused. */
export interface CrowdSize {
  readonly waiting: number;
  /** Places where somebody waits; 0 where nobody does. */
  readonly places: number;
  /** The places have been made fewer, because answers were slow, and grow back. */
  readonly lowered: boolean;
  /** Most calls of the node at once. */
  readonly calls: number;
}

/** That there is more to do than room. */
export function crowdText({ lowOnly }: CrowdFacts, { waiting }: CrowdSize): string {
  const queue = waiting > 0 ? `${waiting} waiting, ` : '';
  return `Busy: ${queue}${lowOnly ? 'low priority' : 'calls'} refused.`;
}

/** The limit that makes it so; undefined where it cannot be told in a word. */
export function limitText({ room }: CrowdFacts, { places, lowered, calls }: CrowdSize): string | undefined {
  if (room === 'body_memory') return 'The memory for bodies is full.';
  if (room === 'calls') return `Limit ${calls}.`;
  if (places === 0) return undefined;
  return `Limit ${places}${lowered ? ', raised as latency falls' : ''}.`;
}
