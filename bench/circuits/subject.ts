/** A way to make calls; `run` makes so many, one after the other. */
export interface Subject {
  readonly name: string;
  readonly run: (calls: number) => Promise<void>;
}

/** The call that is protected: it does nothing, so that only the protection costs. */
export const call = (): Promise<number> => Promise.resolve(1);

/** Names of the targets whose circuits are looked up in the composed runs. */
export const TARGETS = Array.from({ length: 16 }, (_, i) => `gemini-${i}/key`);

/** How long whatever opens stays open, ms: longer than the run. */
export const OPEN_MS = 600_000;

/** What everything else is held against. */
export const BARE: Subject = {
  name: 'bare await',
  async run(calls): Promise<void> {
    for (let i = 0; i < calls; i++) await call();
  },
};

/** Makes calls through something that gives a promise for each. */
export function throughPromise(name: string, execute: () => Promise<unknown> | undefined): Subject {
  return {
    name,
    async run(calls): Promise<void> {
      for (let i = 0; i < calls; i++) await execute();
    },
  };
}
