import { describe, expect, it, vi } from 'vitest';
import { testCircuit } from './test-circuit.js';

const MINUTE = 60_000;

describe('rules', () => {
  it('opens on so many failures in a row, and a success breaks the row', () => {
    const { circuit, admit, fail } = testCircuit({ failureRate: false });
    fail(4);
    admit().success();
    fail(4);
    expect(circuit.state).toBe('closed');
    fail(1);
    expect(circuit.state).toBe('open');
  });

  it('opens on a failure rate that no row of failures would show', () => {
    const { circuit, admit, fail } = testCircuit();
    for (let i = 0; i < 5; i++) {
      if (i < 4) fail(1);
      admit().success();
    }
    // A call that went well opens nothing, whatever the rate.
    expect(circuit.state).toBe('closed');
    fail(1);
    expect(circuit.view().reason).toMatchObject({ rule: 'failure_rate', counts: { calls: 10, failures: 5 } });
  });

  it('forgets calls that left the window of time', () => {
    const { circuit, clock, admit, fail } = testCircuit({ consecutiveFailures: false });
    fail(9);
    clock.advance(61_000);
    fail(8);
    admit().success();
    expect(circuit.view().counts).toMatchObject({ calls: 9, failures: 8 });
    expect(circuit.state).toBe('closed');
    fail(1);
    expect(circuit.state).toBe('open');
  });

  it('looks at the last calls only when the window is one of calls', () => {
    const { circuit, clock, admit, fail } = testCircuit({
      consecutiveFailures: false,
      failureRate: { share: 0.5, minimumCalls: 4 },
      window: { kind: 'count', calls: 4 },
    });
    fail(1);
    for (let i = 0; i < 3; i++) admit().success();
    clock.advance(10 * MINUTE);
    fail(1);
    expect(circuit.view().counts).toMatchObject({ calls: 4, failures: 1 });
    fail(1);
    expect(circuit.state).toBe('open');
  });

  it('opens on slow calls by its own measure and by what the caller measured', () => {
    const { circuit, clock, admit } = testCircuit({ slowRate: { share: 0.5, minimumCalls: 2, slowerThanMs: 1000 } });
    const measured = admit();
    clock.advance(30_000);
    measured.success(900);
    const slow = admit();
    clock.advance(1001);
    slow.success();
    expect(circuit.view().reason?.rule).toBe('slow_rate');
  });

  it('never opens with every rule off', () => {
    const { circuit, fail } = testCircuit({ consecutiveFailures: false, failureRate: false });
    fail(1000);
    expect(circuit.state).toBe('closed');
  });
});

describe('verdicts', () => {
  it('takes a neutral one as nothing at all', () => {
    const { circuit, admit, fail } = testCircuit();
    fail(4);
    for (let i = 0; i < 100; i++) admit().ignore();
    expect(circuit.view().counts).toEqual({ calls: 4, failures: 4, slow: 0, consecutiveFailures: 4 });
    fail(1);
    expect(circuit.state).toBe('open');
  });

  it('takes one of each permit', () => {
    const { circuit, admit } = testCircuit();
    const permit = admit();
    permit.ignore();
    for (let i = 0; i < 10; i++) permit.failure();
    permit.success();
    expect(circuit.view().counts.calls).toBe(0);
  });

  it('takes that of a stream at its end, hours later', () => {
    const { circuit, clock, admit } = testCircuit();
    const streams = Array.from({ length: 5 }, () => admit());
    clock.advance(3_600_000);
    expect(circuit.state).toBe('closed');
    for (const stream of streams) stream.failure('cut');
    expect(circuit.view().reason).toMatchObject({ rule: 'consecutive_failures', cause: 'cut' });
  });

  it('gives none to a call that began before the last transition', () => {
    const { circuit, clock, admit, fail } = testCircuit();
    const [early, late, neutral] = [admit(), admit(), admit()];
    fail(5);
    early.success();
    expect(circuit.state).toBe('open');
    clock.advance(MINUTE);
    const probe = admit();
    late.failure();
    neutral.ignore();
    expect(circuit.view()).toMatchObject({ state: 'half_open', probesInFlight: 1 });
    probe.success();
    expect(circuit.state).toBe('closed');
  });
});

describe('open', () => {
  it('rejects cheaply, with the time that is left and the cause', () => {
    const { circuit, clock, reject, fail } = testCircuit();
    fail(5, 'x'.repeat(100_000));
    clock.advance(10_000);
    const rejection = reject();
    expect(rejection).toMatchObject({ state: 'open', remainingMs: 50_000, cause: { rule: 'consecutive_failures' } });
    expect(rejection.cause.cause).toHaveLength(200);
    expect(rejection).not.toBeInstanceOf(Error);
    expect(circuit.view().totals.rejected).toBe(1);
  });

  it('is unmoved by thousands of rejections, looks, hours idle and a wall clock set back', () => {
    const { circuit, clock, admit, reject, fail } = testCircuit();
    fail(5);
    for (let i = 0; i < 10_000; i++) {
      reject();
      circuit.refusal();
      circuit.view();
    }
    clock.setWall(0);
    clock.advance(MINUTE - 1);
    expect(reject().remainingMs).toBe(1);
    clock.advance(5 * 3_600_000);
    expect(circuit.state).toBe('open');
    expect(circuit.view()).toMatchObject({ remainingMs: 0, totals: { opened: 1, rejected: 10_001 } });
    admit().success();
    expect(circuit.state).toBe('closed');
  });

  it('lets a probe through early when another sign says that the target is back', () => {
    const { circuit, admit, reject, fail } = testCircuit();
    fail(5);
    circuit.expedite();
    expect(admit().probe).toBe(true);
    expect(reject().state).toBe('half_open');
  });
});

it('sets no timer in any state, so that nothing keeps the process alive', () => {
  vi.useFakeTimers();
  try {
    const { circuit, clock, admit, fail } = testCircuit();
    fail(5);
    clock.advance(MINUTE);
    admit();
    circuit.isolate();
    circuit.release();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it('shows how it stands', () => {
  const { circuit, clock, fail } = testCircuit();
  const start = clock.wall();
  clock.advance(1000);
  fail(5, 'connect_timeout');
  clock.advance(10_000);
  const counts = { calls: 5, failures: 5, slow: 0, consecutiveFailures: 5 };
  expect(circuit.view()).toEqual({
    name: 'model/key',
    state: 'open',
    since: start + 1000,
    forMs: 10_000,
    reason: { rule: 'consecutive_failures', cause: 'connect_timeout', counts },
    openMs: MINUTE,
    remainingMs: 50_000,
    nextProbeAt: start + 61_000,
    probesInFlight: 0,
    counts,
    totals: { opened: 1, rejected: 0, lostProbes: 0 },
  });
});
