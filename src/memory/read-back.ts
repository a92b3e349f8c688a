import { randomInt } from 'node:crypto';
import { gatewayError } from '../kernel/error-codes.js';
import { randomHex } from '../platform/identifiers.js';
import { type ReadWork } from './database.js';
import { type RowView, type Write } from './domain/write.js';
import { MemoryProbe } from './entities/memory-probe.entity.js';

/** A store, as far as it is tried. */
interface Tried {
  write<T>(write: Write<T>): Promise<T>;
  read<T>(work: ReadWork<T>): Promise<T>;
}

/** Writes a row, reads it and removes it again. Throws what the store throws, and STORE_UNAVAILABLE when it is not there. */
export async function readBack(store: Tried): Promise<void> {
  // A row of its own: other nodes may do the same on the same database.
  const id = randomInt(2, 2 ** 31);
  const token = randomHex(8);
  const probe = (decide: (view: RowView) => void): Promise<void> =>
    store.write({ needs: [], numbers: 0, bytes: token.length, decide });
  await probe((view) => {
    view.put('memory_probe', { id, token });
  });
  const row = await store.read((manager) => manager.findOneBy(MemoryProbe, { id }));
  await probe((view) => {
    view.remove('memory_probe', { id });
  });
  if (row?.token !== token)
    throw gatewayError('STORE_UNAVAILABLE', 'A write to the memory store could not be read back.');
}
