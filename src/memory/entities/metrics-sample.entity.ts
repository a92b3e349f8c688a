import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigNumber } from './big-number.js';

/**
 * A sample of the metrics of one node; nodes that share a server share the table. (The columns that name a row stand in
 * this order for rows of one life to be removed by one statement; the key of the table begins with step and time.)
 */
@Entity('metrics_sample')
export class MetricsSample {
  /** Which node it is of. */
  @PrimaryColumn({ type: 'text' })
  node!: string;

  /** Seconds it covers. */
  @PrimaryColumn({ type: 'integer' })
  step!: number;

  /** Which life of that node. */
  @PrimaryColumn({ type: 'text' })
  life!: string;

  /** Where it begins, seconds since the epoch. */
  @PrimaryColumn({ type: 'bigint', transformer: bigNumber })
  at!: number;

  /** JSON text. */
  @Column({ type: 'text' })
  body!: string;
}
