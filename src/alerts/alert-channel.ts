import { type Contribution, extensionPoint } from '../platform/extension-point.js';
import { type Alert, type AlertNotice } from './domain/alert.js';

/** Somebody who is told of alerts. What it is sent is tried again later when it could not be delivered. */
export interface AlertChannel extends Contribution {
  /** Whether it has been given an address. */
  readonly enabled: boolean;
  /** Delivers a notice once. Rejects with a DeliveryFault when that failed. */
  send(notice: AlertNotice, signal: AbortSignal): Promise<void>;
  /** Time between two tellings of what still fires, ms, where it forgets what it does not hear of again. */
  readonly refreshMs?: number;
  /** Tells what fires now; a failure counts for nothing but the next try. */
  refresh?(alerts: readonly Alert[], signal: AbortSignal): Promise<void>;
}

/** Why a notice could not be delivered, in words without addresses. */
export class DeliveryFault extends Error {
  constructor(
    message: string,
    /** Whether a later try is pointless: it was refused for what it is. */
    readonly final = false,
  ) {
    super(message);
  }
}

/** Extension point: mark an `AlertChannel` with `@alertChannels.contribute()` and list it in its module's providers. */
export const alertChannels = extensionPoint<AlertChannel>('alert channel');
