import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { onServer } from './dialect.js';

/** The id that a file shares with its redo journal and its backups. A server's data has neither beside it, and needs none. */
export class IdentifyStore1795824000000 implements MigrationInterface {
  readonly name = 'IdentifyStore1795824000000';

  async up(runner: QueryRunner): Promise<void> {
    if (onServer(runner)) return;
    await runner.query('CREATE TABLE store_identity (id text PRIMARY KEY NOT NULL)');
    await runner.query('INSERT INTO store_identity VALUES (lower(hex(randomblob(16))))');
  }

  /** The next one would get another id, and its own journal would pass for that of another store. */
  down(): Promise<void> {
    return Promise.reject(new Error('the id of a store is not taken back; restore a backup instead'));
  }
}
