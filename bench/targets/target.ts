/** Names of the targets, as they stand in tables. */
export const DIRECT = 'direct';
export const BARE_PROXY = 'bare undici proxy';
export const NGINX = 'nginx';
export const THIS_NODE = 'this node';
export const OTHER_BUILD = 'other build';

/** Something the load goes through on its way to the upstream. */
export interface Target {
  readonly name: string;
  /** Port on the loopback address. */
  readonly port: number;
  /** Its process; undefined when there is none in between. */
  readonly pid: number | undefined;
}
