import { crc32 } from 'node:zlib';
import { StoreFault } from './domain/store-fault.js';

/** CRC-32 (ISO 3309, as in gzip) of a text in UTF-8. */
export function checksumOf(text: string): number {
  return crc32(text);
}

/** The text, if it is the one that was stored with this checksum (null in rows of the first version). Throws StoreFault. */
export function verified(text: string, checksum: number | null): string {
  if (checksum !== null && checksumOf(text) !== checksum) throw new StoreFault('corrupt');
  return text;
}
