import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row that is written and read back to see whether the store works. */
@Entity('memory_probe')
export class MemoryProbe {
  @PrimaryColumn({ type: 'integer' })
  id!: number;

  /** Random text of the last probe. */
  @Column({ type: 'text' })
  token!: string;
}
