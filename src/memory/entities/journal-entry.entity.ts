import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigNumber } from './big-number.js';

/** One entry of the journal of what was done to the node; nodes that share a server share the table. */
@Entity('journal_entry')
export class JournalEntryRow {
  @PrimaryColumn({ type: 'text' })
  id!: string;

  /** Its place: wall clock, ms since the epoch, or somewhat more. Two nodes may give the same. */
  @Column({ type: 'bigint', transformer: bigNumber })
  number!: number;

  @Column({ type: 'text' })
  kind!: string;

  /** JSON text of an object. */
  @Column({ type: 'text' })
  body!: string;
}
