import { describe, expect, it } from 'vitest';
import { testCircuit } from './test-circuit.js';

const MINUTE = 60_000;

describe('half open', () => {
  it('admits one probe and rejects the others at once', () => {
    const { circuit, clock, admit, reject, fail } = testCircuit();
    fail(5);
    clock.advance(MINUTE);
    expect(circuit.refusal()).toBeUndefined();
    const probe = admit();
    clock.advance(20_000);
    expect(reject()).toMatchObject({ state: 'half_open', remainingMs: 40_000, cause: { cause: 'http_503' } });
    probe.success();
    expect(admit().probe).toBe(false);
  });

  it('admits as many as configured and closes after as many successes as configured', () => {
    const { circuit, clock, admit, reject, fail } = testCircuit({ probes: 3, successesToClose: 2 });
    fail(5);
    clock.advance(MINUTE);
    const probes = [admit(), admit(), admit()];
    reject();
    probes[0]?.success();
    expect(circuit.state).toBe('half_open');
    probes[1]?.success();
    expect(circuit.state).toBe('closed');
    probes[2]?.failure();
    expect(circuit.view().counts.failures).toBe(0);
  });

  it('passes the place on after a neutral verdict', () => {
    const { circuit, clock, admit, fail } = testCircuit();
    fail(5);
    clock.advance(MINUTE);
    for (let i = 0; i < 50; i++) admit().ignore();
    expect(circuit.state).toBe('half_open');
    admit().success();
    expect(circuit.state).toBe('closed');
  });

  it('passes the place of a lost probe on at its own limit, neither success nor failure', () => {
    const { circuit, clock, admit, reject, fail } = testCircuit({ probeLimitMs: 5000 });
    fail(5);
    clock.advance(MINUTE);
    for (let i = 0; i < 20; i++) {
      admit();
      clock.advance(4999);
      expect(reject().remainingMs).toBe(1);
      clock.advance(1);
    }
    expect(circuit.view()).toMatchObject({
      state: 'half_open',
      probesInFlight: 0,
      totals: { opened: 1, lostProbes: 19 },
    });
    admit().success();
    expect(circuit.state).toBe('closed');
  });

  it('hears a lost probe that comes back in the same phase, and its place stays with the one that has it', () => {
    const { circuit, clock, admit, reject, fail } = testCircuit({ probeLimitMs: 5000, successesToClose: 2 });
    fail(5);
    clock.advance(MINUTE);
    const lost = admit();
    clock.advance(5000);
    admit();
    lost.success();
    expect(circuit.view()).toMatchObject({ state: 'half_open', probesInFlight: 1 });
    reject();
    clock.advance(5000);
    admit().success();
    expect(circuit.state).toBe('closed');
  });

  it('stays open after a slow probe when slowness opened it', () => {
    const { circuit, clock, admit } = testCircuit({ slowRate: { share: 1, minimumCalls: 1, slowerThanMs: 1000 } });
    admit().success(1001);
    clock.advance(MINUTE);
    admit().success(1001);
    expect(circuit.view().reason?.rule).toBe('probe_slow');
    clock.advance(2 * MINUTE);
    admit().success(1000);
    expect(circuit.state).toBe('closed');
  });
});

describe('growth', () => {
  it('doubles the open time with every failed probe, to ten minutes', () => {
    const { circuit, clock, admit, fail } = testCircuit();
    fail(5);
    const times = [];
    for (let i = 0; i < 6; i++) {
      const { remainingMs = 0 } = circuit.view();
      times.push(remainingMs / MINUTE);
      clock.advance(remainingMs);
      admit().failure();
    }
    expect(times).toEqual([1, 2, 4, 8, 10, 10]);
    expect(circuit.view()).toMatchObject({ reason: { rule: 'probe_failed' }, counts: { consecutiveFailures: 5 } });
  });

  it('goes on where it was after a short closed period and starts again after a healthy one', () => {
    const { circuit, clock, admit, fail } = testCircuit({ healthyMs: 120_000 });
    const openAndClose = (): number | undefined => {
      fail(5);
      const { openMs = 0 } = circuit.view();
      clock.advance(openMs);
      admit().success();
      return openMs / MINUTE;
    };
    expect(openAndClose()).toBe(1);
    clock.advance(119_999);
    expect(openAndClose()).toBe(2);
    clock.advance(120_000);
    expect(openAndClose()).toBe(1);
  });
});
