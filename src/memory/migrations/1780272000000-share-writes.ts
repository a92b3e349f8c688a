import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { onServer } from './dialect.js';

/**
 * The tables as a server begins with them. Names sort by their bytes, as in SQLite, whatever the language of the
 * database. Numbers come from a sequence, which writers do not have to wait for and a long backup does not bloat.
 */
const ON_SERVER = [
  `CREATE TABLE memory_item (
    namespace text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    value text NOT NULL,
    bytes integer NOT NULL,
    checksum bigint,
    updated_at bigint NOT NULL,
    PRIMARY KEY (namespace, key)
  )`,
  'CREATE INDEX memory_item_revision ON memory_item (namespace, revision)',
  `CREATE TABLE conversation_turn (
    id bigint PRIMARY KEY,
    namespace text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    request_key text COLLATE "C",
    content text NOT NULL,
    bytes integer NOT NULL,
    checksum bigint,
    created_at bigint NOT NULL
  )`,
  'CREATE INDEX conversation_turn_session ON conversation_turn (namespace, session_id, id)',
  `CREATE UNIQUE INDEX conversation_turn_request
    ON conversation_turn (namespace, session_id, request_key) WHERE request_key IS NOT NULL`,
  `CREATE TABLE conversation (
    namespace text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    turns integer NOT NULL,
    bytes bigint NOT NULL,
    last_turn bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (namespace, session_id)
  )`,
  'CREATE INDEX conversation_last_turn ON conversation (namespace, last_turn)',
  'CREATE TABLE memory_probe (id integer PRIMARY KEY, token text NOT NULL)',
  'CREATE TABLE store_mark (id integer PRIMARY KEY, sequence bigint NOT NULL, revision bigint NOT NULL)',
  'INSERT INTO store_mark VALUES (1, 0, 0)',
  'CREATE SEQUENCE store_number AS bigint',
];

/** Namespaces, checksums, conversations as rows of their own, names of requests, and the mark that groups of writes move on. */
export class ShareWrites1780272000000 implements MigrationInterface {
  readonly name = 'ShareWrites1780272000000';

  async up(runner: QueryRunner): Promise<void> {
    if (onServer(runner)) {
      for (const statement of ON_SERVER) await runner.query(statement);
      return;
    }
    await runner.query("ALTER TABLE memory_item ADD COLUMN namespace text NOT NULL DEFAULT ''");
    await runner.query('ALTER TABLE memory_item ADD COLUMN checksum bigint');
    await runner.query('DROP INDEX memory_item_key');
    await runner.query('CREATE UNIQUE INDEX memory_item_key ON memory_item (namespace, key)');
    await runner.query('CREATE INDEX memory_item_revision ON memory_item (namespace, revision)');
    await runner.query("ALTER TABLE conversation_turn ADD COLUMN namespace text NOT NULL DEFAULT ''");
    await runner.query('ALTER TABLE conversation_turn ADD COLUMN request_key text');
    await runner.query('ALTER TABLE conversation_turn ADD COLUMN checksum bigint');
    await runner.query('DROP INDEX conversation_turn_session');
    await runner.query('CREATE INDEX conversation_turn_session ON conversation_turn (namespace, session_id, id)');
    await runner.query(`CREATE UNIQUE INDEX conversation_turn_request
      ON conversation_turn (namespace, session_id, request_key) WHERE request_key IS NOT NULL`);
    await runner.query(`CREATE TABLE conversation (
      namespace text NOT NULL,
      session_id text NOT NULL,
      turns integer NOT NULL,
      bytes bigint NOT NULL,
      last_turn bigint NOT NULL,
      created_at bigint NOT NULL,
      updated_at bigint NOT NULL,
      PRIMARY KEY (namespace, session_id)
    )`);
    await runner.query('CREATE INDEX conversation_last_turn ON conversation (namespace, last_turn)');
    await runner.query(`INSERT INTO conversation
      SELECT namespace, session_id, count(*), sum(bytes), max(id), min(created_at), max(created_at)
      FROM conversation_turn GROUP BY namespace, session_id`);
    await runner.query(
      'CREATE TABLE store_mark (id integer PRIMARY KEY NOT NULL, sequence bigint NOT NULL, revision bigint NOT NULL)',
    );
    // Numbers of rows that are gone are not used again either: SQLite keeps the last in a table of its own.
    await runner.query('INSERT INTO store_mark SELECT 1, 0, coalesce(max(seq), 0) FROM sqlite_sequence');
  }

  /** Reverting would mix what belongs to different clients. */
  down(): Promise<void> {
    return Promise.reject(new Error('namespaces are not taken back; restore a backup instead'));
  }
}
