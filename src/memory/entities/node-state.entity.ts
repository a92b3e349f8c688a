import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigNumber } from './big-number.js';

/** What a part of the node has learnt, for its next life. */
@Entity('node_state')
export class NodeState {
  /** Name of the part. */
  @PrimaryColumn({ type: 'text' })
  name!: string;

  /** JSON text. */
  @Column({ type: 'text' })
  value!: string;

  /** Wall clock, ms since the epoch. */
  @Column({ name: 'updated_at', type: 'bigint', transformer: bigNumber })
  updatedAt!: number;
}
