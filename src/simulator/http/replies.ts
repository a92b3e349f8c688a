import { type BodyReply } from '../domain/body-script.js';
import { type ErrorReply } from '../domain/fault-error.js';
import { type Json } from '../domain/json.js';

const JSON_TYPE = 'application/json; charset=UTF-8';

/** A JSON answer in one piece. */
export function jsonReply(body: Json, size: { events?: number; tokens?: number } = {}): BodyReply {
  return textReply(JSON.stringify(body), { events: size.events ?? 0, tokens: size.tokens ?? 0 });
}

/** An error, as an object or, as Google's OpenAI endpoint and JSON arrays have it, alone in a list. */
export function errorReply(error: ErrorReply, inList: boolean): BodyReply {
  const body = inList ? [error.body] : error.body;
  return { ...textReply(JSON.stringify(body, null, 2)), status: error.status, headers: error.headers, faultless: true };
}

/** An HTML page of Google's front end. */
export function pageReply(status: number, title: string, contentType = 'text/html; charset=UTF-8'): BodyReply {
  const body = `<!DOCTYPE html>\n<html lang=en>\n<title>Error ${status} (${title})!!1</title>\n<p><b>${status}.</b> <ins>That’s an error.</ins>\n`;
  return { ...textReply(body), status, contentType, faultless: true };
}

/** An answer without content, only headers. */
export function headersReply(headers: Readonly<Record<string, string>>): BodyReply {
  return { ...textReply(''), headers, faultless: true };
}

function textReply(body: string, size = { events: 0, tokens: 0 }): BodyReply {
  return { kind: 'body', status: 200, contentType: JSON_TYPE, body, headers: {}, faultless: false, ...size };
}
