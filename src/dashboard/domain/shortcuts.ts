/** What a key leads to; all of it can be undone by doing nothing. */
export type ShortcutAct = 'help' | 'refresh' | 'filter' | 'status' | 'targets' | 'healing';

/** Keys and what they lead to, in the order of the help. */
export const SHORTCUTS: readonly {
  readonly keys: readonly string[];
  readonly act: ShortcutAct;
  readonly about: string;
}[] = [
  { keys: ['?'], act: 'help', about: 'show this help' },
  { keys: ['g', 's'], act: 'status', about: 'go to the status' },
  { keys: ['g', 't'], act: 'targets', about: 'go to the targets' },
  { keys: ['g', 'h'], act: 'healing', about: 'go to healing' },
  { keys: ['/'], act: 'filter', about: 'filter the targets' },
  { keys: ['r'], act: 'refresh', about: 'look at the node now' },
];

/** A key that was pressed. */
export interface Press {
  readonly key: string;
  /** Whether Ctrl, Alt or the command key was down: then it belongs to the browser. */
  readonly modified: boolean;
  /** Whether it went into a field, or into a dialog that is open. */
  readonly taken: boolean;
  /** When, ms on a clock that only moves forward. */
  readonly at: number;
}

/** Longest time between two keys of one shortcut, ms. */
const TOGETHER_MS = 1500;

/** Tells what the keys that are pressed lead to. */
export class Shortcuts {
  #first: Press | undefined;

  /** What this key leads to, with the one before it; undefined for nothing. */
  press(press: Press): ShortcutAct | undefined {
    const first = this.#first;
    this.#first = undefined;
    if (press.modified || press.taken) return undefined;
    const together = first !== undefined && press.at - first.at <= TOGETHER_MS;
    const pressed = together ? [first.key, press.key] : [press.key];
    const found = SHORTCUTS.find(({ keys }) => keys.join(' ') === pressed.join(' '));
    if (found === undefined && SHORTCUTS.some(({ keys }) => keys.length > 1 && keys[0] === press.key))
      this.#first = press;
    return found?.act;
  }
}
