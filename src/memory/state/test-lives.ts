import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { expect, vi } from 'vitest';
import { systemClock } from '../../kernel/clock.js';
import { MetricsRegistry } from '../../metrics/index.js';
import { type KeptState, keptStates } from '../../platform/kept-state.js';
import { createLog, LOG } from '../../platform/logging.js';
import { CLOCK } from '../../platform/platform.tokens.js';
import { validateEnvironment } from '../../platform/validate-environment.js';
import { NodeState } from '../entities/node-state.entity.js';
import { MemoryMetrics } from '../memory.metrics.js';
import { durabilitySettings } from '../durability.settings.js';
import { memorySettings } from '../memory.settings.js';
import { MemoryStore } from '../memory.store.js';
import { openWriter, transact } from '../sqlite/sqlite-connection.js';
import { NodeStateStore } from './node-state.store.js';
import { StateKeeper } from './state-keeper.service.js';

@keptStates.contribute()
@Injectable()
class Good implements KeptState {
  readonly name = 'good';
  value: unknown = 'born';

  save(): unknown {
    return this.value;
  }

  restore(stored: unknown): void {
    this.value = stored;
  }
}

@keptStates.contribute()
@Injectable()
class Throwing implements KeptState {
  readonly name = 'throwing';

  save(): unknown {
    throw new Error('cannot save');
  }

  restore(): void {
    throw new Error('cannot restore');
  }
}

/** A life of a node of which there is only the store, the keeper and two parts, one of which throws. */
export interface Life {
  readonly app: INestApplicationContext;
  readonly good: Good;
  readonly store: MemoryStore;
  /** Events of the keeper so far, with the part they are about. */
  events(): string[];
}

/** The lives of one node, one after another on one store, and another process's view of that store. */
export class Lives {
  readonly #directory = mkdtempSync(join(tmpdir(), 'state-'));
  readonly #running: Life[] = [];
  /** Path of the database file. */
  readonly path = join(this.#directory, 'l104.db');

  /** Begins a life; it has begun when the node would serve. */
  async begin(env: Record<string, string> = {}): Promise<Life> {
    const { values, problems } = validateEnvironment([memorySettings, durabilitySettings], {
      DATABASE_URL: `file:${this.path}`,
      STATE_SAVE_INTERVAL: '100ms',
      STATE_WAIT_LIMIT: '20s',
      MEMORY_REOPEN_INTERVAL: '200ms',
      ...env,
    });
    expect(problems).toEqual([]);
    const lines: { event?: string; part?: string }[] = [];
    const write = (line: string): void => {
      lines.push(JSON.parse(line) as object);
    };
    @Module({
      imports: [DiscoveryModule],
      providers: [
        { provide: LOG, useValue: createLog('info', 'json', { write }) },
        { provide: CLOCK, useValue: systemClock },
        { provide: memorySettings.KEY, useValue: values['memory'] },
        { provide: durabilitySettings.KEY, useValue: values['durability'] },
        MetricsRegistry,
        MemoryMetrics,
        MemoryStore,
        NodeStateStore,
        StateKeeper,
        Good,
        Throwing,
      ],
    })
    class Node {}
    const app = await NestFactory.createApplicationContext(Node, { logger: false });
    const events = (): string[] =>
      lines.flatMap(({ event = '', part = '' }) => (event.startsWith('state_') ? [`${event} ${part}`.trim()] : []));
    const life = { app, good: app.get(Good), store: app.get(MemoryStore), events };
    this.#running.push(life);
    return life;
  }

  /** Ends a life in order. */
  async end(life: Life): Promise<void> {
    this.#running.splice(this.#running.indexOf(life), 1);
    await life.app.close();
  }

  /** Ends all lives and removes the store. */
  async over(): Promise<void> {
    for (const { app } of this.#running.splice(0)) await app.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** What is stored, by name of the part. */
  async stored(): Promise<Record<string, { value: string; updatedAt: number }>> {
    const writer = await openWriter({ path: this.path, busyTimeoutMs: 5000 });
    try {
      const rows = await writer.manager.find(NodeState);
      return Object.fromEntries(rows.map(({ name, value, updatedAt }) => [name, { value, updatedAt }]));
    } finally {
      await writer.destroy();
    }
  }

  /** Stores texts by name of the part. */
  async store(rows: Record<string, string>): Promise<void> {
    const writer = await openWriter({ path: this.path, busyTimeoutMs: 5000 });
    const values = Object.entries(rows).map(([name, value]) => ({ name, value, updatedAt: 0 }));
    await transact(writer, (manager) => manager.upsert(NodeState, values, ['name']));
    await writer.destroy();
  }

  /** Takes the lock of the store; the result gives it back. */
  async lock(): Promise<() => Promise<void>> {
    const other = await openWriter({ path: this.path, busyTimeoutMs: 5000 });
    await other.query('BEGIN IMMEDIATE');
    return async () => {
      await other.query('ROLLBACK');
      await other.destroy();
    };
  }

  /** Resolves when the good part is stored as this text. */
  async eventuallyStored(value: string): Promise<void> {
    await vi.waitFor(
      async () => {
        expect((await this.stored())['good']?.value).toBe(value);
      },
      { timeout: 15_000, interval: 50 },
    );
  }
}
