import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { bigNumber } from './big-number.js';

/** One turn of a conversation, question and answer in one row, so that half a turn cannot exist. */
@Entity('conversation_turn')
@Index('conversation_turn_session', ['sessionId', 'id'])
export class ConversationTurnRow {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number;

  @Column({ name: 'session_id', type: 'text' })
  sessionId!: string;

  /** The turn as JSON text, whose escapes carry every character a model may send. */
  @Column({ type: 'text' })
  content!: string;

  /** Size of the content in UTF-8. */
  @Column({ type: 'integer' })
  bytes!: number;

  /** Wall clock, ms since the epoch. */
  @Column({ name: 'created_at', type: 'bigint', transformer: bigNumber })
  createdAt!: number;
}
