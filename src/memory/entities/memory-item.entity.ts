import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { bigNumber } from './big-number.js';

/** A key and its value. */
@Entity('memory_item')
export class MemoryItem {
  /** Number of the write that made this value: it only grows and is never used twice, so it orders the list. */
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  revision!: number;

  @Index('memory_item_key', { unique: true })
  @Column({ type: 'text' })
  key!: string;

  @Column({ type: 'text' })
  value!: string;

  /** Size of the value in UTF-8. */
  @Column({ type: 'integer' })
  bytes!: number;

  /** Wall clock, ms since the epoch. */
  @Column({ name: 'updated_at', type: 'bigint', transformer: bigNumber })
  updatedAt!: number;
}
