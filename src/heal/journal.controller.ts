import { Controller, Get, Inject, Param, Query, UseGuards } from '@nestjs/common';
import { gatewayError } from '../kernel/error-codes.js';
import { AdminGuard } from '../platform/admin.guard.js';
import { SchemaPipe } from '../platform/schema.pipe.js';
import { writeJournalCursor } from './domain/journal-cursor.js';
import { isEntryId, type JournalEntry, shownEntry } from './domain/journal-entry.js';
import { type JournalQuery } from './journal-keeper.js';
import { journalQuery, runsQuery } from './journal.requests.js';
import { Journal } from './journal.service.js';

/** A page of the journal as it is answered. */
interface Page {
  readonly items: readonly Record<string, unknown>[];
  readonly next_cursor: string | null;
  /** False while the store cannot be read: then there is only what is in memory. */
  readonly complete: boolean;
}

/** What was done to the node, newest first: the heals, and all of the journal. */
@Controller('self')
@UseGuards(AdminGuard)
export class JournalController {
  constructor(@Inject(Journal) private readonly journal: Journal) {}

  @Get('heal/runs')
  async runs(@Query(new SchemaPipe(runsQuery)) query: JournalQuery): Promise<Page> {
    return await this.#page(query, shownRun);
  }

  @Get('heal/runs/:run_id')
  async run(@Param('run_id') runId: string): Promise<unknown> {
    const entry = isEntryId(runId) ? await this.journal.find(runId) : undefined;
    if (entry?.kind === 'heal_run') return shownRun(entry);
    throw gatewayError('NOT_FOUND', 'There is no heal of this id. GET /self/heal/runs lists them.');
  }

  @Get('journal')
  async all(@Query(new SchemaPipe(journalQuery)) query: JournalQuery): Promise<Page> {
    return await this.#page(query, shownEntry);
  }

  async #page(query: JournalQuery, shown: (entry: JournalEntry) => Record<string, unknown>): Promise<Page> {
    // One more tells whether there is another page.
    const { entries, whole } = await this.journal.page({ ...query, limit: query.limit + 1 });
    const items = entries.slice(0, query.limit);
    const last = items.at(-1);
    return {
      items: items.map(shown),
      next_cursor: entries.length > query.limit && last !== undefined ? writeJournalCursor(last) : null,
      complete: whole,
    };
  }
}

function shownRun({ number, body }: JournalEntry): Record<string, unknown> {
  return { number, ...body };
}
