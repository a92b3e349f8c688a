/** A page of the list of items. */
interface Page {
  readonly items: readonly unknown[];
  readonly next: number | undefined;
}

/** The items of the built node. */
export interface BuiltItems {
  put(item: { readonly namespace: string; readonly key: string }, value: string): Promise<unknown>;
  get(item: { readonly namespace: string; readonly key: string }): Promise<unknown>;
  list(namespace: string, query: { limit: number; prefix: string; before?: number }): Promise<Page>;
}

/** The store of the built node, open. */
export interface BuiltStore {
  readonly items: BuiltItems;
  close(): Promise<void>;
}

/** A connection to a file with the settings of the store's own, and its table of items as TypeORM serves it. */
export interface PlainConnection {
  query(sql: string, parameters?: readonly unknown[]): Promise<unknown>;
  getRepository(entity: unknown): { save(row: Readonly<Record<string, unknown>>): Promise<unknown> };
  destroy(): Promise<void>;
}

interface BuiltParts {
  readonly systemClock: unknown;
  readonly memorySettings: unknown;
  readonly durabilitySettings: unknown;
  readonly validateEnvironment: (
    groups: readonly unknown[],
    env: object,
  ) => { readonly values: { memory: unknown; durability: unknown } };
  readonly createLog: (level: string, format: string) => unknown;
  readonly MetricsRegistry: new () => unknown;
  readonly MemoryMetrics: new (registry: unknown) => unknown;
  readonly MemoryStore: new (...parts: readonly unknown[]) => { open(): Promise<void>; close(): Promise<void> };
  readonly ItemStore: new (...parts: readonly unknown[]) => BuiltItems;
  readonly openWriter: (options: { path: string; busyTimeoutMs: number }) => Promise<PlainConnection>;
  readonly MemoryItem: unknown;
}

/** Loads the parts of the built node that lies beside the built benches. */
async function parts(): Promise<BuiltParts> {
  const root = new URL('../../', import.meta.url);
  const shared = ['kernel/clock', 'platform/validate-environment', 'platform/logging', 'metrics/index'];
  const own = ['metrics', 'settings', 'store'].map((part) => `memory/memory.${part}`);
  const others = ['durability.settings', 'item.store', 'sqlite/sqlite-connection', 'entities/memory-item.entity'].map(
    (file) => `memory/${file}`,
  );
  const modules: object[] = await Promise.all(
    [...shared, ...own, ...others].map((file) => import(new URL(`${file}.js`, root).href) as Promise<object>),
  );
  return Object.assign({}, ...modules) as BuiltParts;
}

/** Opens the store of the built node on a file. */
export async function openStore(path: string): Promise<BuiltStore> {
  const built = await parts();
  const environment = { DATABASE_URL: `file:${path}` };
  const groups = [built.memorySettings, built.durabilitySettings];
  const { memory: settings, durability } = built.validateEnvironment(groups, environment).values;
  const metrics = new built.MemoryMetrics(new built.MetricsRegistry());
  const log = built.createLog('silent', 'json');
  const store = new built.MemoryStore(settings, durability, built.systemClock, log, metrics);
  await store.open();
  return { items: new built.ItemStore(store, settings, built.systemClock), close: () => store.close() };
}

/** The plain way of using the driver: every request saves by itself, in its turn, since two at once on one connection fail. */
export async function openPlain(path: string): Promise<{
  readonly save: (key: string, value: string) => Promise<unknown>;
  readonly connection: PlainConnection;
}> {
  const { openWriter, MemoryItem } = await parts();
  const connection = await openWriter({ path, busyTimeoutMs: 5000 });
  // The store's own connection leaves the log to its upkeep; here nobody else moves it into the file.
  await connection.query('PRAGMA wal_autocheckpoint = 1000');
  const repository = connection.getRepository(MemoryItem);
  let revision = 0;
  let tail: Promise<unknown> = Promise.resolve();
  const save = (key: string, value: string): Promise<unknown> => {
    const row = { namespace: '', key, value, bytes: value.length, checksum: null, updatedAt: Date.now() };
    const saved = tail.then(() => repository.save({ ...row, revision: ++revision }));
    tail = saved.catch(() => undefined);
    return saved;
  };
  return { save, connection };
}
