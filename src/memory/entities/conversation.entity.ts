import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigNumber } from './big-number.js';

/** A conversation, told in a row of its own so that a list of them reads no turns. */
@Entity('conversation')
export class ConversationRow {
  /** Whose session it is: the name of a client, or '' where all clients share one store. */
  @PrimaryColumn({ type: 'text' })
  namespace!: string;

  @PrimaryColumn({ name: 'session_id', type: 'text' })
  sessionId!: string;

  /** Turns that are kept. */
  @Column({ type: 'integer' })
  turns!: number;

  /** Size of their content in UTF-8. */
  @Column({ type: 'bigint', transformer: bigNumber })
  bytes!: number;

  /** Number of the newest turn: it orders the list. */
  @Column({ name: 'last_turn', type: 'bigint', transformer: bigNumber })
  lastTurn!: number;

  /** Wall clock, ms since the epoch. */
  @Column({ name: 'created_at', type: 'bigint', transformer: bigNumber })
  createdAt!: number;

  /** Wall clock, ms since the epoch. */
  @Column({ name: 'updated_at', type: 'bigint', transformer: bigNumber })
  updatedAt!: number;
}
