import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Route } from './domain/route.js';
import { type ReplyPort } from './reply-port.js';

/** What makes a call. */
export interface ExchangeParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  /** The client's side, where it is not the plain one of the route's surface. */
  readonly reply?: ReplyPort;
  /** Models to go on to where no chain is configured. */
  readonly fallbacks?: readonly string[];
  /** A shorter body of the call, for a model that says the first is too long. */
  readonly shorter?: (() => Buffer) | undefined;
  /** What the client is known by, where the call itself tells of its end. */
  readonly client?: string;
  /** Further headers of the answer, whatever it is, as a flat list of names and values. */
  readonly headers?: readonly string[];
  /** False when somebody else counts the request. */
  readonly counted?: boolean;
}
