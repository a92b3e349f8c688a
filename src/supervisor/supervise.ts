import cluster, { type Worker } from 'node:cluster';
import { isatty } from 'node:tty';
import { EXIT } from '../platform/exit-codes.js';
import { type Log } from '../platform/logging.js';
import { isMessage, type Leave, type ReplaceMe } from './messages.js';
import { type Member, Place, servedMs } from './place.js';

/** What to keep running. */
export interface SupervisorPlan {
  /** How many processes. */
  readonly workers: number;
  /** Path of the program each of them runs. */
  readonly program: string;
  /** Variables beside those of this process, for every one of them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Longest time a process may take to leave, ms. */
  readonly leaveMs: number;
}

/** Exit codes that a new start will not cure: usage, port taken, bad configuration. */
const FINAL_CODES: readonly (number | null)[] = [EXIT.usage, EXIT.unavailable, EXIT.config];

/** Keeps the processes of the node running until a signal ends them all. Never returns control: the process ends by itself. */
export function supervise(plan: SupervisorPlan, log: Log): void {
  new Supervisor(plan, log).run();
}

class Supervisor {
  readonly #places: readonly Place[];
  readonly #members = new Map<Worker, Member>();
  #banner = true;
  #stopping: number | undefined;
  #rolling = false;

  constructor(
    private readonly plan: SupervisorPlan,
    private readonly log: Log,
  ) {
    this.#places = Array.from({ length: plan.workers }, (_, number) => new Place(number));
  }

  run(): void {
    cluster.setupPrimary({ exec: this.plan.program, args: [] });
    for (const place of this.#places) this.#start(place);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        this.#stop(EXIT.ok);
      });
    }
    const terminal = isatty(0);
    process.on('SIGHUP', () => {
      // It is also what a terminal sends that closes; then it is one no more.
      if (terminal && !isatty(0)) this.#stop(EXIT.ok);
      else void this.#roll();
    });
  }

  /** Replaces every process, one after the other; the first that does not come up ends it, and the old ones stay. */
  async #roll(): Promise<void> {
    if (this.#rolling || this.#stopping !== undefined) return;
    this.#rolling = true;
    for (const place of this.#places) if (!(await this.#replace(place, 'rolling restart'))) break;
    this.#rolling = false;
  }

  #start(place: Place): void {
    if (this.#stopping === undefined) place.current = this.#fork(place, {});
  }

  #fork(place: Place, environment: Readonly<Record<string, string>>): Member {
    const quiet = this.#banner ? {} : { L104_BANNER: 'false' };
    this.#banner = false;
    const worker = cluster.fork({ ...this.plan.environment, ...quiet, ...environment });
    const member: Member = { worker, servingSince: undefined, leaving: false };
    this.#members.set(worker, member);
    worker.on('listening', () => {
      member.servingSince ??= performance.now();
      this.log.info({ event: 'worker_started', worker: place.number, pid: worker.process.pid }, 'a process serves');
    });
    worker.on('message', (message: unknown) => {
      if (isMessage<ReplaceMe>(message, 'replace_me')) void this.#relieve(place, member);
    });
    worker.on('error', (err) => {
      this.log.error({ event: 'worker_error', worker: place.number, err }, 'a process could not be started or reached');
      // Without a process there is no exit either.
      if (worker.process.pid === undefined) worker.emit('exit', null, 'no process');
    });
    worker.on('exit', (code: number | null, signal: string | null) => {
      this.#members.delete(worker);
      this.#left(place, member, { code, signal });
    });
    return member;
  }

  /** Finds another process for a place whose member wants to leave, for as long as that takes: until then it serves on. */
  async #relieve(place: Place, member: Member): Promise<void> {
    const wanted = (): boolean => place.current === member && !member.leaving && this.#stopping === undefined;
    let wait = place.backoff.next(servedMs(member));
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (!wanted() || (await this.#replace(place, 'at its own wish'))) return;
      wait = place.backoff.next(0);
    }
  }

  /** Starts a process beside the one of this place and lets it take over once it listens; false when it never did. */
  #replace(place: Place, why: string): Promise<boolean> {
    if (place.successor !== undefined) return Promise.resolve(false);
    // The one before has the database file until it has left; the new one waits for that rather than do without.
    const successor = this.#fork(place, { MEMORY_LOCK_WAIT: `${this.plan.leaveMs}ms` });
    place.successor = successor;
    return new Promise((resolve) => {
      successor.worker.on('listening', () => {
        resolve(true);
        // The one before may have ended meanwhile, which made this one its heir.
        if (place.successor !== successor) return;
        const before = place.current;
        place.successor = undefined;
        place.current = successor;
        if (before !== undefined) this.#tellToLeave(before, true);
        const pids = { pid: successor.worker.process.pid, before: before?.worker.process.pid };
        this.log.info(
          { event: 'worker_replaced', worker: place.number, ...pids, why },
          `a process was replaced: ${why}`,
        );
      });
      successor.worker.on('exit', () => {
        resolve(false);
      });
    });
  }

  #tellToLeave(member: Member, replaced: boolean): void {
    const { worker } = member;
    member.leaving = true;
    const order: Leave = { l104: 'leave', replaced };
    if (worker.isConnected()) worker.send(order);
    const kill = setTimeout(() => worker.process.kill('SIGKILL'), this.plan.leaveMs);
    worker.on('exit', () => {
      clearTimeout(kill);
    });
  }

  #left(place: Place, member: Member, { code, signal }: { code: number | null; signal: string | null }): void {
    const facts = { worker: place.number, pid: member.worker.process.pid, code, signal };
    const early = member.servingSince === undefined;
    if (member.leaving) {
      this.log.info({ event: 'worker_left', ...facts }, 'a process has left');
    } else {
      const how = signal ?? `exit code ${code}`;
      this.log.warn(
        { event: 'worker_crashed', ...facts },
        `a process ended ${early ? 'at its start' : 'unasked'}: ${how}`,
      );
    }
    if (place.successor === member) place.successor = undefined;
    if (place.current === member) this.#refill(place, member);
    if (this.#stopping !== undefined) this.#endIfEmpty();
    else if (!member.leaving && early && FINAL_CODES.includes(code) && !this.#serves()) this.#stop(code ?? EXIT.bug);
  }

  #refill(place: Place, gone: Member): void {
    place.current = place.successor;
    place.successor = undefined;
    if (place.current !== undefined || this.#stopping !== undefined) return;
    const wait = place.backoff.next(servedMs(gone));
    setTimeout(() => {
      this.#start(place);
    }, wait);
  }

  #serves(): boolean {
    return [...this.#members.values()].some(({ servingSince }) => servingSince !== undefined);
  }

  /** Lets every process drain and ends with this code; a second time ends them all at once. */
  #stop(code: number): void {
    if (this.#stopping !== undefined) {
      for (const { worker } of this.#members.values()) worker.process.kill('SIGKILL');
      process.exit(this.#stopping);
    }
    this.#stopping = code;
    for (const member of this.#members.values()) if (!member.leaving) this.#tellToLeave(member, false);
    this.#endIfEmpty();
  }

  #endIfEmpty(): void {
    if (this.#members.size > 0) return;
    const code = this.#stopping ?? EXIT.bug;
    this.log.info({ event: 'supervisor_left', code }, 'all processes have left');
    this.log.flush(() => process.exit(code));
  }
}
