import { systemClock } from '../kernel/clock.js';
import { MetricsRegistry } from '../metrics/index.js';
import { createLog, type Log } from '../platform/logging.js';
import { validateEnvironment } from '../platform/validate-environment.js';
import { ConversationStore } from './conversation.store.js';
import { type DurabilitySettings, durabilitySettings } from './durability.settings.js';
import { type ItemPage, type ItemQuery, ItemStore, type StoredItem } from './item.store.js';
import { MemoryMetrics } from './memory.metrics.js';
import { type MemorySettings, memorySettings } from './memory.settings.js';
import { MemoryStore } from './memory.store.js';

/** The items of one namespace, for tests that need no other. */
export interface ItemsOfOne {
  put(key: string, value: string): Promise<number>;
  get(key: string): Promise<StoredItem | undefined>;
  delete(key: string): Promise<boolean>;
  list(query: ItemQuery): Promise<ItemPage>;
}

/** A store with what stands on it, outside of a node. */
export interface TestStore {
  readonly store: MemoryStore;
  readonly items: ItemsOfOne;
  readonly allItems: ItemStore;
  readonly conversations: ConversationStore;
  /** Text exposition of its metrics. */
  metrics(): Promise<string>;
}

/** Begins to open a store with settings from these variables. */
export function startStore(env: Record<string, string>, log: Log = createLog('silent', 'json')): TestStore {
  const { values, problems } = validateEnvironment([memorySettings, durabilitySettings], env);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const settings = values['memory'] as MemorySettings;
  const registry = new MetricsRegistry();
  const durability = values['durability'] as DurabilitySettings;
  const store = new MemoryStore(settings, durability, systemClock, log, new MemoryMetrics(registry));
  void store.open();
  const allItems = new ItemStore(store, settings, systemClock);
  const of = (key: string): { namespace: string; key: string } => ({ namespace: '', key });
  return {
    store,
    items: {
      put: (key, value) => allItems.put(of(key), value),
      get: (key) => allItems.get(of(key)),
      delete: (key) => allItems.delete(of(key)),
      list: (query) => allItems.list('', query),
    },
    allItems,
    conversations: new ConversationStore(store, settings, systemClock),
    metrics: async () => (await registry.expose('text')).body,
  };
}
