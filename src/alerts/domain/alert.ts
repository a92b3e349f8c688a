/** How much an alert matters: `critical` wakes somebody, `warning` is for the day, `info` for the record. */
export type AlertSeverity = 'critical' | 'warning' | 'info';

/** An alert as people and channels are told of it. Nothing in it is secret. */
export interface Alert {
  readonly name: string;
  readonly severity: AlertSeverity;
  readonly state: 'pending' | 'firing' | 'resolved';
  /** One sentence with the evidence. */
  readonly summary: string;
  /** What it means, the same at all times. */
  readonly description: string;
  /** Since when the fact stands, wall-clock ms. */
  readonly since: number;
  /** Wall-clock ms; undefined while it stands. */
  readonly resolvedAt?: number | undefined;
}

/** Who tells of an alert. */
export interface Teller {
  /** Name of the node. */
  readonly instance: string;
  /** Address at which people reach it, for links; empty when it is not known. */
  readonly origin: string;
}

/** What is sent at one time: alerts that began, or ended, together. */
export interface AlertNotice {
  /** Unique; the same at each attempt to deliver it. */
  readonly id: string;
  readonly kind: 'firing' | 'resolved' | 'test';
  readonly alerts: readonly Alert[];
  /** Wall-clock ms. */
  readonly at: number;
}
