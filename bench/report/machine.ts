import { cpus, loadavg, release, totalmem, type as systemName } from 'node:os';

/** Facts about the machine that the numbers depend on. */
export interface Machine {
  readonly at: string;
  readonly node: string;
  readonly cores: number;
  readonly cpu: string;
  readonly kernel: string;
  /** Memory, GiB. */
  readonly memory: number;
  /** Load average of the last minute, before the run. */
  readonly load: number;
}

/** Looks at the machine. */
export function machineFacts(): Machine {
  const cores = cpus();
  return {
    at: new Date().toISOString(),
    node: process.version,
    cores: cores.length,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    kernel: `${systemName()} ${release()}`,
    memory: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    load: loadavg()[0] ?? 0,
  };
}

/** The facts on one line. */
export function machineText({ at, node, cores, cpu, kernel, memory, load }: Machine): string {
  const facts = [
    `node ${node}`,
    `${cores} cores (${cpu})`,
    `${memory} GiB`,
    kernel,
    `load ${load.toFixed(2)} before the run`,
  ];
  return `${at.slice(0, 16).replace('T', ' ')} UTC, ${facts.join(', ')}`;
}
