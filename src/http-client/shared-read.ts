import { type OnReadOpts, type Socket } from 'node:net';

/** As much as Node asks of the system in one read, bytes. */
const READ_SIZE = 64 * 1024;

/**
 * How sockets read: all into the same buffer, out of which each takes what has come. Left to itself, Node makes a buffer of
 * 64 KiB for every read and cuts it down to what was read, which for the few hundred bytes of a streamed event costs more
 * than the read.
 */
export const SHARED_READ: OnReadOpts = {
  buffer: Buffer.allocUnsafeSlow(READ_SIZE),
  callback(this: Socket, size: number, bytes: Uint8Array): boolean {
    const read = Buffer.allocUnsafe(size);
    read.set(bytes.subarray(0, size));
    return this.push(read);
  },
};
