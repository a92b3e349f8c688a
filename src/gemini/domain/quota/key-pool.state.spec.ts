import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { KeyPool, type PoolKey } from './key-pool.js';
import { type QuotaVerdict } from './quota-verdict.js';

const HOUR = 3_600_000;
let clock: ManualClock;

beforeEach(() => {
  clock = new ManualClock();
});

function poolOf(...keys: (string | PoolKey)[]): KeyPool {
  const members = keys.map((key) => (typeof key === 'string' ? { id: key } : key));
  return new KeyPool(members, clock, () => 0);
}

function minutes(restMs: number): QuotaVerdict {
  return { kind: 'per_minute', restMs, scope: 'project', model: undefined };
}

const day: QuotaVerdict = { kind: 'per_day', restMs: 20 * HOUR, scope: 'project', model: undefined };

describe('bad keys', () => {
  it('are out for every model until readmitted, with the reason', () => {
    const pool = poolOf('a', 'b');
    pool.putOut('a', 'API_KEY_INVALID');
    expect(pool.ranked('pro')).toEqual(['b']);
    expect(pool.describe().keys[0]).toMatchObject({ id: 'a', fault: 'API_KEY_INVALID' });
    expect(pool.clear()).toBe(1);
    expect(pool.ranked('pro')).toHaveLength(2);
  });

  it('are offered one at a time when there is no other, and readmitted by an answer', () => {
    const pool = poolOf('a', 'b');
    pool.putOut('a', 'x');
    pool.putOut('b', 'x');
    const first = pool.choose('pro')!.id;
    expect(pool.ranked('pro')).toEqual([first === 'a' ? 'b' : 'a']);
    pool.answered('b', 'pro', clock.now());
    expect(pool.ranked('pro')).toEqual(['b']);
  });
});

describe('resources', () => {
  it('stay with their key, or its project', () => {
    const pool = poolOf({ id: 'a1', project: 'a' }, { id: 'a2', project: 'a' }, 'b', 'c');
    pool.bind('files/1', 'b');
    pool.bind('files/2', 'a1');
    expect(pool.ranked('pro', 'files/1')).toEqual(['b']);
    expect(pool.ranked('pro', 'files/2').sort()).toEqual(['a1', 'a2']);
    expect(pool.ranked('pro', 'files/unknown')).toHaveLength(4);
    pool.refused('b', 'pro', minutes(9_000), clock.now());
    expect(pool.choose('pro', 'files/1')).toBeUndefined();
    expect(pool.soonest('pro', 'files/1')).toBe(9_000);
    pool.unbind('files/1');
    expect(pool.ranked('pro', 'files/1')).toHaveLength(4);
  });

  it('stay with the keys of their project even when these are bad: no other key can help', () => {
    const pool = poolOf({ id: 'a1', project: 'a' }, { id: 'a2', project: 'a' }, 'b');
    pool.bind('files/1', 'a1');
    pool.putOut('a1', 'x');
    expect(pool.ranked('pro', 'files/1')).toEqual(['a2']);
    pool.putOut('a2', 'x');
    expect(['a1', 'a2']).toContain(pool.ranked('pro', 'files/1')[0]);
  });

  it('are told apart from others, as are the projects they belong to', () => {
    const pool = poolOf({ id: 'a1', project: 'a' }, { id: 'a2', project: 'a' }, 'b');
    expect([pool.projects, pool.bound, pool.isBound('files/1')]).toEqual([2, 0, false]);
    pool.bind('files/1', 'b');
    expect([pool.bound, pool.isBound('files/1')]).toEqual([1, true]);
  });

  it('are forgotten past ten thousand, the ones used longest ago first', () => {
    const pool = poolOf('a', 'b');
    for (let i = 0; i < 10_000; i++) pool.bind(`files/${i}`, 'a');
    pool.ranked('pro', 'files/0');
    pool.bind('files/more', 'a');
    pool.bind(`files/${'x'.repeat(300)}`, 'a');
    const { resources } = pool.save();
    expect(resources).toHaveLength(10_000);
    expect(pool.ranked('pro', 'files/0')).toEqual(['a']);
    expect(pool.ranked('pro', 'files/1')).toHaveLength(2);
  });
});

describe('home', () => {
  it('is the first project with a good key that does not rest, and its least loaded key comes first', () => {
    const pool = poolOf({ id: 'a1', project: 'a' }, 'b', { id: 'a2', project: 'a' }, 'c');
    const first = pool.take(pool.rankedAtHome('files')[0]!);
    const second = pool.take(pool.rankedAtHome('files')[0]!);
    expect([first.id, second.id].sort()).toEqual(['a1', 'a2']);
    pool.refused('a1', 'interactions', minutes(9_000), clock.now());
    expect(pool.rankedAtHome('interactions')).toEqual(['b']);
    expect(pool.rankedAtHome('files').sort()).toEqual(['a1', 'a2']);
    pool.putOut('a1', 'x');
    expect(pool.rankedAtHome('files')).toEqual(['a2']);
    pool.putOut('a2', 'x');
    expect(pool.rankedAtHome('files')).toEqual(['b']);
  });

  it('is the first good one when all rest, and any bad key where there is no good one', () => {
    const pool = poolOf('a', 'b');
    for (const id of ['a', 'b']) pool.refused(id, 'files', minutes(9_000), clock.now());
    expect(pool.rankedAtHome('files')).toEqual(['a']);
    for (const id of ['a', 'b']) pool.putOut(id, 'x');
    expect(pool.rankedAtHome('files')).toHaveLength(1);
    expect(poolOf().rankedAtHome('files')).toEqual([]);
  });
});

describe('state', () => {
  it('survives a restart: what is left of each rest, and the resources', () => {
    const pool = poolOf('a', 'b');
    pool.refused('a', 'pro', day, clock.now());
    pool.refused('b', 'pro', minutes(30_000), clock.now());
    pool.bind('files/1', 'b');
    const saved = JSON.parse(JSON.stringify(pool.save())) as ReturnType<KeyPool['save']>;
    const later = new ManualClock(clock.wall() + 10_000);
    const next = new KeyPool([{ id: 'a' }, { id: 'b' }], later, () => 0);
    next.restore(saved);
    expect(next.restMs('a', 'pro')).toBe(20 * HOUR - 10_000);
    expect(next.soonest('pro')).toBe(20_000);
    expect(next.ranked('pro', 'files/1')).toEqual(['b']);
  });

  it('believes no rest longer than a day, and none of keys that are gone', () => {
    const pool = poolOf('a');
    const rest = { model: 'pro', kind: 'per_day', until: clock.wall() + 1e12, lastsMs: 1e12 };
    pool.restore({
      rests: [
        { ...rest, owner: 'key:a' },
        { ...rest, owner: 'key:gone' },
        { ...rest, owner: 'key:a', model: 'flash', until: Number.NaN },
      ],
      resources: [['files/1', 'gone']],
    });
    expect(pool.soonest('pro')).toBe(25 * HOUR);
    expect(pool.describe().rests).toHaveLength(1);
    expect(pool.save().resources).toEqual([]);
  });

  it('means the same in a process whose monotonic clock began elsewhere', () => {
    const pool = poolOf('a');
    clock.advance(123_456.7);
    pool.refused('a', 'pro', minutes(60_000), clock.now());
    clock.advance(10_000);
    const next = new KeyPool([{ id: 'a' }], new ManualClock(clock.wall()), () => 0);
    next.restore(JSON.parse(JSON.stringify(pool.save())) as object);
    expect(next.restMs('a', 'pro')).toBeGreaterThan(49_990);
    expect(next.restMs('a', 'pro')).toBeLessThan(50_010);
  });

  it('rests no longer than a rest lasts in all, though the wall clock was set back meanwhile', () => {
    const pool = poolOf('a');
    pool.refused('a', 'pro', minutes(60_000), clock.now());
    clock.advance(10_000);
    const saved = JSON.parse(JSON.stringify(pool.save())) as object;
    const earlier = new KeyPool([{ id: 'a' }], new ManualClock(clock.wall() - 10 * HOUR), () => 0);
    earlier.restore(saved);
    expect(earlier.restMs('a', 'pro')).toBe(60_000);
    const later = new KeyPool([{ id: 'a' }], new ManualClock(clock.wall() + 10 * HOUR), () => 0);
    later.restore(saved);
    expect(later.restMs('a', 'pro')).toBe(0);
  });

  it('is word for word the same while nothing changes, through a restart too', () => {
    const pool = poolOf('a', 'b');
    clock.advance(77.7);
    pool.refused('a', 'pro', day, clock.now());
    for (const name of ['files/1', 'files/2']) pool.bind(name, 'b');
    const first = JSON.stringify(pool.save());
    for (let i = 0; i < 10; i++) {
      clock.advance(1_700.3);
      pool.ranked('pro', `files/${1 + (i % 2)}`);
      expect(JSON.stringify(pool.save())).toBe(first);
    }
    const next = new KeyPool([{ id: 'a' }, { id: 'b' }], new ManualClock(clock.wall() + 5_000), () => 0);
    next.restore(JSON.parse(first) as object);
    expect(JSON.stringify(next.save())).toBe(first);
    next.unbind('files/1');
    expect(JSON.stringify(next.save())).not.toBe(first);
    next.bind('files/1', 'b');
    pool.refused('b', 'pro', minutes(500), clock.now());
    expect(JSON.stringify(pool.save())).not.toBe(first);
  });

  it('tells the end of a rest anew when the wall clock was set', () => {
    const pool = poolOf('a');
    pool.refused('a', 'pro', minutes(60_000), clock.now());
    const [before] = pool.save().rests;
    clock.setWall(clock.wall() + HOUR);
    expect(pool.save().rests[0]!.until).toBe(before!.until + HOUR);
  });

  it('follows a heal', () => {
    const pool = poolOf('a');
    pool.refused('a', 'pro', day, clock.now());
    pool.clear();
    expect(pool.save()).toEqual({ rests: [], resources: [] });
  });

  it('takes nothing from what is no state', () => {
    const pool = poolOf('a');
    const rest = { owner: 'key:a', model: 'pro', kind: 'per_day', until: clock.wall() + HOUR, lastsMs: HOUR };
    const wrong = [
      { ...rest, owner: 7 },
      { ...rest, model: null },
      { ...rest, kind: 'capacity' },
      { ...rest, kind: 'boredom' },
      { ...rest, until: '1' },
      { ...rest, lastsMs: undefined },
      { ...rest, lastsMs: -5 },
      { ...rest, until: Number.NaN },
    ];
    const junk = [undefined, null, 7, 'x', {}, [[]], [null, 'x', 7], wrong];
    for (const rests of junk) for (const resources of junk) pool.restore({ rests, resources });
    pool.restore({
      resources: [['files/1'], ['files/1', 'a', 'b'], ['files/1', 7], { 0: 'files/1', 1: 'a', length: 2 }],
    });
    expect(pool.save()).toEqual({ rests: [], resources: [] });
    pool.restore({ rests: [...wrong, rest] });
    expect(pool.restMs('a', 'pro')).toBe(HOUR);
  });

  it('is bounded: past two thousand rests the one that ends first is forgotten', () => {
    const pool = poolOf('a');
    for (let i = 0; i < 2_100; i++) pool.refused('a', `invented-${i}`, minutes(60_000 + i), clock.now());
    expect(pool.describe().rests).toHaveLength(2_000);
    expect(pool.soonest('invented-0')).toBe(0);
    expect(pool.soonest('invented-2099')).toBe(62_099);
    expect(pool.clear()).toBe(2_000);
    expect(pool.soonest('invented-2099')).toBe(0);
  });
});
