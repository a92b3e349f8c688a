import { Inject, Injectable } from '@nestjs/common';
import { describeDuration } from '../kernel/duration.js';
import { type SettingsOf } from '../platform/settings.js';
import { type Finding, type Vital, vitals } from './vital.js';
import { Watchdog } from './watchdog.service.js';
import { watchdogSettings } from './watchdog.settings.js';

/** Looks that may be missing before it is said, and the time that a long repair may take besides, ms. */
const MISSED_LOOKS = 3;
const LONGEST_REPAIR_MS = 120_000;

/** Whether the watchdog itself still looks; a loop that does not turn at all is caught from outside of it. */
@vitals.contribute()
@Injectable()
export class WatchdogVital implements Vital {
  readonly name = 'watchdog';

  constructor(
    @Inject(watchdogSettings.KEY) private readonly settings: SettingsOf<typeof watchdogSettings>,
    @Inject(Watchdog) private readonly watchdog: Watchdog,
  ) {}

  read(): Finding | undefined {
    const { enabled, intervalMs } = this.settings;
    const since = this.watchdog.sinceLastLook;
    if (!enabled || since <= MISSED_LOOKS * intervalMs + LONGEST_REPAIR_MS) return undefined;
    return {
      severity: 'degraded',
      cause: 'internal_fault',
      healable: false,
      reason: `The watchdog has not looked at the node for ${describeDuration(since)}.`,
      evidence: { since_last_look_seconds: Math.round(since / 1000) },
      advice: 'Restart the node, and report it with its log.',
    };
  }
}
