/** What a worker asks of the supervisor: another process in its place. */
export interface ReplaceMe {
  readonly l104: 'replace_me';
}

/** What the supervisor tells a worker: to leave. */
export interface Leave {
  readonly l104: 'leave';
  /** Whether another process serves in its place already. */
  readonly replaced: boolean;
}

/** Whether a message that came from another process is of this kind. */
export function isMessage<M extends ReplaceMe | Leave>(message: unknown, kind: M['l104']): message is M {
  return typeof message === 'object' && message !== null && (message as { l104?: unknown }).l104 === kind;
}
