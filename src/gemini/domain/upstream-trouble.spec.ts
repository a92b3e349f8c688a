import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import { type Contact, type Look, type PoolStanding, UpstreamTrouble } from './upstream-trouble.js';

const WORKED: PoolStanding = { generation: 1, worked: true };
const NEW: PoolStanding = { generation: 2, worked: false };
const ANSWERED: Look = { kind: 'answered', status: 200 };
const AWAY: Look = { kind: 'unreachable', why: 'connections are refused' };

let clock: ManualClock;
let trouble: UpstreamTrouble;
beforeEach(() => {
  clock = new ManualClock();
  trouble = new UpstreamTrouble(clock);
});

function end(contact: Contact, times: number, pool = WORKED, generation = pool.generation): void {
  for (let i = 0; i < times; i++) trouble.ended({ contact, last: contact, generation }, pool);
}

const cause = (pool = WORKED): string | undefined => trouble.diagnosis(pool)?.cause;

describe('what is wrong with the upstream', () => {
  it('is nothing before three attempts in a row have failed, nor after one was answered', () => {
    end('failed', 2);
    expect(cause()).toBeUndefined();
    end('unconnected', 1);
    expect(cause()).toBe('upstream_outage');
    end('answered', 1);
    expect(cause()).toBeUndefined();
  });

  it('is the pool, where no head comes over it while a fresh connection is answered', () => {
    end('unconnected', 3);
    trouble.looked(ANSWERED);
    expect(cause()).toBe('connection_fault');
  });

  it.each<[string, [Contact, number][], PoolStanding, Look | undefined]>([
    ['the fresh connection fails too', [['unconnected', 3]], WORKED, AWAY],
    ['a fresh one is answered with 503', [['unconnected', 3]], WORKED, { kind: 'answered', status: 503 }],
    ['nobody has looked', [['unconnected', 9]], WORKED, undefined],
    [
      'answers come, and are errors',
      [
        ['unconnected', 9],
        ['failed', 1],
      ],
      WORKED,
      ANSWERED,
    ],
    [
      'too few had no head',
      [
        ['failed', 3],
        ['unconnected', 2],
      ],
      WORKED,
      ANSWERED,
    ],
    ['the pool has never worked', [['unconnected', 9]], NEW, ANSWERED],
  ])('is Gemini, where %s', (_, ends, pool, look) => {
    for (const [contact, times] of ends) end(contact, times, pool);
    if (look !== undefined) trouble.looked(look);
    expect(cause(pool)).toBe('upstream_outage');
  });

  it('is not the pool when a fresh connection is answered long after the failures', () => {
    end('unconnected', 5);
    trouble.looked(AWAY);
    clock.advance(30_000);
    trouble.looked(ANSWERED);
    expect(cause()).toBe('upstream_outage');
    end('unconnected', 1);
    expect(cause()).toBe('connection_fault');
  });

  it('stays the pool while nobody tries it again', () => {
    end('unconnected', 3);
    trouble.looked(ANSWERED);
    clock.advance(60_000);
    trouble.looked(ANSWERED);
    expect(cause()).toBe('connection_fault');
  });

  it('is the key, where it is refused', () => {
    end('failed', 3);
    trouble.looked({ kind: 'key_refused', status: 403 });
    expect(cause()).toBe('configuration');
  });
});

describe('a new pool', () => {
  beforeEach(() => {
    end('unconnected', 4);
    trouble.looked(ANSWERED);
  });

  it('is free of what was held against the old one, and of what still dies there', () => {
    expect(cause(NEW)).toBeUndefined();
    end('unconnected', 5, NEW, 1);
    expect(cause(NEW)).toBeUndefined();
  });

  it('is seen at once where the old and the new are one thing that goes on', () => {
    const pool = { generation: 1, worked: true };
    trouble = new UpstreamTrouble(clock);
    end('unconnected', 3, pool);
    trouble.looked(ANSWERED);
    Object.assign(pool, NEW);
    end('unconnected', 1, pool);
    expect(cause(pool)).toBeUndefined();
  });

  it('that fails as well shows that Gemini is at fault', () => {
    end('unconnected', 3, NEW);
    trouble.looked(ANSWERED);
    expect(cause(NEW)).toBe('upstream_outage');
  });

  it('does not end an outage', () => {
    trouble.looked(AWAY);
    expect(cause(NEW)).toBe('upstream_outage');
  });
});

describe('failures', () => {
  it('of connections are forgotten after a heal, errors of Gemini are not', () => {
    end('unconnected', 3);
    trouble.forget();
    expect([cause(), trouble.quiet]).toEqual([undefined, true]);
    end('failed', 3);
    expect(trouble.quiet).toBe(false);
    trouble.forget();
    expect(cause()).toBe('upstream_outage');
  });

  it('are too old to say anything after five quiet minutes, where a fresh connection is answered', () => {
    end('failed', 3);
    clock.advance(299_000);
    trouble.looked(ANSWERED);
    expect(cause()).toBe('upstream_outage');
    clock.advance(1000);
    expect(cause()).toBeUndefined();
  });

  it('are not, where it fails', () => {
    end('failed', 3);
    clock.advance(600_000);
    trouble.looked(AWAY);
    expect(cause()).toBe('upstream_outage');
  });
});
