import { statfs } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type Finding, LevelAlarm, megabytes, type Vital, type VitalFigure, vitals } from '../watchdog/index.js';
import { type DurabilitySettings, durabilitySettings } from './durability.settings.js';
import { type MemorySettings, memorySettings } from './memory.settings.js';

/** Free space where the database file lies, with its redo journal and its backups. A server looks after its own. */
@vitals.contribute()
@Injectable()
export class DiskSpaceVital implements Vital {
  readonly name = 'disk_space';
  /** By how much of the free space is needed: cleared when there is a quarter more than that. */
  readonly #alarm = new LevelAlarm({ raiseAt: 1, clearBelow: 0.8, readings: 1 });
  readonly #directory: string | undefined;
  readonly #minimum: number;
  #free = 0;
  /** When that was read, epoch ms; undefined before it was. */
  #at: number | undefined;

  constructor(
    @Inject(memorySettings.KEY) { database }: MemorySettings,
    @Inject(durabilitySettings.KEY) { diskMinimum }: DurabilitySettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#directory = database.kind === 'postgres' ? undefined : dirname(resolve(database.path));
    this.#minimum = diskMinimum;
  }

  async refresh(): Promise<void> {
    if (this.#directory === undefined) return;
    // Before the first start there is no directory yet.
    const found = await statfs(this.#directory).catch(() => undefined);
    if (found === undefined) return;
    this.#free = found.bavail * found.bsize;
    this.#at = this.clock.wall();
    this.#alarm.take(this.#minimum, this.#free);
  }

  figures(): VitalFigure[] {
    // A server's disk is not seen from here.
    if (this.#directory === undefined) return [];
    const [value, at] = this.#at === undefined ? [null, this.clock.wall()] : [this.#free, this.#at];
    const fills = { subject: 'an almost full disk of the memory store', advice: adviceFor(this.#directory) };
    return [{ name: 'disk_free', value, unit: 'bytes', limit: this.#minimum, stays: 'above', at, fills }];
  }

  read(): Finding | undefined {
    if (!this.#alarm.raised || this.#directory === undefined) return undefined;
    const [free, minimum] = [megabytes(this.#free), megabytes(this.#minimum)];
    return {
      severity: 'degraded',
      cause: 'store_fault',
      healable: false,
      kind: 'needs_you',
      evidence: { free_mib: free, minimum_mib: minimum },
      reason: `The disk of the memory store is almost full: ${free} MiB are free, and a backup needs ${minimum}.`,
      advice: adviceFor(this.#directory),
    };
  }
}

function adviceFor(directory: string): string {
  return `Free space on the disk of the directory ${basename(directory)}, or move DATABASE_URL to a larger one.`;
}
