import { CreateMemory1767225600000 } from './1767225600000-create-memory.js';
import { CreateNodeState1767225700000 } from './1767225700000-create-node-state.js';
import { ShareWrites1780272000000 } from './1780272000000-share-writes.js';
import { IdentifyStore1795824000000 } from './1795824000000-identify-store.js';
import { CreateJournal1796000000000 } from './1796000000000-create-journal.js';
import { CreateMetricsSample1796100000000 } from './1796100000000-create-metrics-sample.js';

/** Every step from an empty database to the schema of today, oldest first. */
export const MIGRATIONS = [
  CreateMemory1767225600000,
  CreateNodeState1767225700000,
  ShareWrites1780272000000,
  IdentifyStore1795824000000,
  CreateJournal1796000000000,
  CreateMetricsSample1796100000000,
];
