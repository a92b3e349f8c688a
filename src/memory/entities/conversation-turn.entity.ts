import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigNumber } from './big-number.js';

/** One turn of a conversation, question and answer in one row, so that half a turn cannot exist. */
@Entity('conversation_turn')
export class ConversationTurnRow {
  /** Numbers of later turns are higher, and none is used twice. */
  @PrimaryColumn({ type: 'bigint', transformer: bigNumber })
  id!: number;

  /** Whose session it is: the name of a client, or '' where all clients share one store. */
  @Column({ type: 'text' })
  namespace!: string;

  @Column({ name: 'session_id', type: 'text' })
  sessionId!: string;

  /** What the client named the request by, so that it is not stored twice; null where it gave no name. */
  @Column({ name: 'request_key', type: 'text', nullable: true })
  requestKey!: string | null;

  /** The turn as JSON text, whose escapes carry every character a model may send. */
  @Column({ type: 'text' })
  content!: string;

  /** Size of the content in UTF-8. */
  @Column({ type: 'integer' })
  bytes!: number;

  /** CRC-32 of the content; null in rows of the first version. */
  @Column({ type: 'bigint', nullable: true, transformer: bigNumber })
  checksum!: number | null;

  /** Wall clock, ms since the epoch. */
  @Column({ name: 'created_at', type: 'bigint', transformer: bigNumber })
  createdAt!: number;
}
