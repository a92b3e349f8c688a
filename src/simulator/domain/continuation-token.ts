import { hashText } from './seed.js';

/** A token that stands for "so many characters of this answer are out". */
export function continuationToken(seed: number, offset: number): string {
  const body = `${seed.toString(36)}-${offset.toString(36)}`;
  return `lt1-${body}-${check(body)}`;
}

/** The offset a token stands for, in characters; nothing when it is not a token of this conversation. */
export function offsetOfToken(token: string, seed: number): number | undefined {
  const match = /^lt1-([0-9a-z]{1,8})-([0-9a-z]{1,8})-([0-9a-z]{1,8})$/.exec(token);
  const [, owner, offset, sum] = match ?? [];
  if (owner !== seed.toString(36) || offset === undefined || sum !== check(`${owner}-${offset}`)) return undefined;
  return Number.parseInt(offset, 36);
}

function check(body: string): string {
  return hashText(body, 0xc0ffee).toString(36);
}
