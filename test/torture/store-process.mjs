// A store in a process of its own that can be killed. It tells on standard output, a file, what it has found at
// its start, and then every write after it was acknowledged. `may` says that a write failed: nobody knows of it.
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [dist, life, writers] = process.argv.slice(2);
const load = (file) => import(new URL(`${file}.js`, `file://${dist}/`).href);
const { systemClock } = await load('kernel/clock');
const { MetricsRegistry } = await load('metrics/index');
const { createLog } = await load('platform/logging');
const { validateEnvironment } = await load('platform/validate-environment');
const { ConversationStore } = await load('memory/conversation.store');
const { durabilitySettings } = await load('memory/durability.settings');
const { ItemStore } = await load('memory/item.store');
const { MemoryMetrics } = await load('memory/memory.metrics');
const { memorySettings } = await load('memory/memory.settings');
const { MemoryStore } = await load('memory/memory.store');

// It does not outlive the test, however that ends.
process.stdin.resume().on('close', () => process.exit(1));

const say = (line) => writeSync(1, `${line}\n`);
const { memory, durability } = validateEnvironment([memorySettings, durabilitySettings], process.env).values;
const log = createLog('info', 'json', {
  write: (line) => {
    if (/"event":"memory_(repaired|unusable|ready)"/.test(line)) say(`log ${line.trim()}`);
  },
});
const metrics = new MemoryMetrics(new MetricsRegistry());
const store = new MemoryStore(memory, durability, systemClock, log, metrics);
const items = new ItemStore(store, memory, systemClock);
const conversations = new ConversationStore(store, memory, systemClock);

const textOf = (key) => key.repeat(1 + (key.length * 7 + Number(key.at(-1))) * 3);

async function found() {
  const keys = [];
  const torn = [];
  for (let before; ;) {
    const page = await items.list('', { limit: 1000, prefix: '', ...(before === undefined ? {} : { before }) });
    for (const { key, value } of page.items) (value === textOf(key) ? keys : torn).push(key);
    if (page.next === undefined) break;
    before = page.next;
  }
  const turns = {};
  for (let past = 0; past < Number(life); past++) {
    for (let writer = 0; writer < 4; writer++) {
      const sessionId = `${past}.${writer}`;
      const history = await conversations.history({ namespace: '', sessionId });
      turns[sessionId] = history.map(({ userText }) => Number(userText));
    }
  }
  return { keys, torn, turns };
}

async function acknowledged(line, unsure, write) {
  try {
    await write();
    say(line);
    return true;
  } catch (error) {
    if (error.code !== 'STORE_UNAVAILABLE') throw error;
    say(unsure);
    await pause(20);
    return false;
  }
}

async function writeItems(writer) {
  for (let n = 0; ; n++) {
    const key = `${life}/${writer}/${n}`;
    const item = { namespace: '', key };
    const put = await acknowledged(`put ${key}`, `may ${key}`, () => items.put(item, textOf(key)));
    if (put && n % 7 === 0) await acknowledged(`del ${key}`, `may ${key}`, () => items.delete(item));
  }
}

async function writeTurns(writer) {
  const sessionId = `${life}.${writer}`;
  for (let n = 0; ; n++) {
    const turn = { userText: String(n), modelText: `answer ${n}`, model: 'm', usage: {} };
    await acknowledged(`turn ${sessionId} ${n}`, `may`, () => conversations.append({ namespace: '', sessionId }, turn));
  }
}

// Where a start takes long, its last words tell whether it works, waits or stands still.
const begun = performance.now();
const waiting = setInterval(() => {
  const { state, reason } = store.status();
  const { user, system } = process.cpuUsage();
  const [real, busy] = [performance.now() - begun, (user + system) / 1000].map(Math.round);
  say(
    `waits ${real} ms, of them ${busy} busy: ${state}, ${reason ?? ''}; ${process.getActiveResourcesInfo().join(' ')}`,
  );
}, 1000);

while (store.status().state !== 'ready') {
  await store.open();
  if (store.status().state !== 'ready') await pause(20);
}
for (let told = false; !told;) {
  try {
    say(`found ${JSON.stringify(await found())}`);
    told = true;
    clearInterval(waiting);
  } catch (error) {
    // What is damaged may show only when it is read; then it is being repaired.
    if (error.code !== 'STORE_UNAVAILABLE') throw error;
    await pause(20);
  }
}
for (let writer = 0; writer < Number(writers); writer++) void (writer < 4 ? writeTurns(writer) : writeItems(writer));
