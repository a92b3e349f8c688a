import { setFlagsFromString } from 'node:v8';

/**
 * So much of what a full collection has left, %, may come to it before the next one. V8 itself allows a process that makes
 * garbage slowly a tenth, or 8 MiB: it is content while collections take no more than 3 % of the time. But buffers count
 * from the moment they are made until the young generation is collected, which with streams is seconds later. So at 3,000
 * events a second the 50 MiB of a node were marked anew every two or three seconds, to find nothing; that was a fifth or
 * more of what an event costs, and held others up for 5 to 25 ms (docs/adr/0030). Near its limit V8 keeps to half of what
 * is left in any case.
 */
const GROWTH_PERCENT = 100;

/** Has V8 collect the old generation when it has doubled, and not before. For this process and all of its threads. */
export function letHeapGrow(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
