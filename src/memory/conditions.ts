import { type Request, type Response } from 'express';
import { gatewayError } from '../kernel/error-codes.js';
import { BadCondition, entityTag, isKnown, matchCondition, writeCondition } from './domain/entity-tag.js';
import { type ItemCondition, PreconditionFailed, requireCondition } from './domain/item-condition.js';

/** What the headers of a write ask of the item. Throws BAD_REQUEST, naming the header that cannot be followed. */
export function conditionOf({ headers }: Request): ItemCondition {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  return understood(() => writeCondition({ ifMatch, ifNoneMatch }));
}

/**
 * Tells a reader the ETag of an item; true when it has this very item already and is to get 304.
 * Throws PreconditionFailed where If-Match asks for another, BAD_REQUEST as `conditionOf` does.
 */
export function isCurrent({ headers }: Request, response: Response, revision: number): boolean {
  response.setHeader('etag', entityTag(revision));
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  return understood(() => {
    requireCondition(matchCondition(ifMatch), revision);
    return isKnown(ifNoneMatch, revision);
  });
}

/** Makes a write; where its condition fails, the answer tells the ETag that the item has now. */
export async function withPresentTag<T>(response: Response, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof PreconditionFailed && error.revision !== undefined)
      response.setHeader('etag', entityTag(error.revision));
    throw error;
  }
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof BadCondition ? gatewayError('BAD_REQUEST', error.message) : error;
  }
}
