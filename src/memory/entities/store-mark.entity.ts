import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigNumber } from './big-number.js';

/** The one row that tells how far a database has come; every group of writes moves it on. */
@Entity('store_mark')
export class StoreMark {
  @PrimaryColumn({ type: 'integer' })
  id!: number;

  /** Number of the last group of writes that is in this database. */
  @Column({ type: 'bigint', transformer: bigNumber })
  sequence!: number;

  /** The last number that was given to a row. */
  @Column({ type: 'bigint', transformer: bigNumber })
  revision!: number;
}
