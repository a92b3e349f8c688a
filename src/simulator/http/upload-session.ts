import { type Hash } from 'node:crypto';
import { type JsonObject } from '../domain/json.js';

/** An upload under way: what is known of the file, and the hash of what has come so far. */
export interface UploadSession {
  readonly id: string;
  readonly file: JsonObject;
  readonly mimeType: string;
  readonly hash: Hash;
  received: number;
}
