import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigNumber } from './big-number.js';

/** A key and its value. */
@Entity('memory_item')
export class MemoryItem {
  /** Whose key it is: the name of a client, or '' where all clients share one store. */
  @PrimaryColumn({ type: 'text' })
  namespace!: string;

  @PrimaryColumn({ type: 'text' })
  key!: string;

  /** Number of the write that made this value: it only grows and is never used twice, so it orders the list. */
  @Column({ type: 'bigint', transformer: bigNumber })
  revision!: number;

  @Column({ type: 'text' })
  value!: string;

  /** Size of the value in UTF-8. */
  @Column({ type: 'integer' })
  bytes!: number;

  /** CRC-32 of the value; null in rows of the first version. */
  @Column({ type: 'bigint', nullable: true, transformer: bigNumber })
  checksum!: number | null;

  /** Wall clock, ms since the epoch. */
  @Column({ name: 'updated_at', type: 'bigint', transformer: bigNumber })
  updatedAt!: number;
}
