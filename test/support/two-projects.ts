import { createHash } from 'node:crypto';
import { GoogleGenAI } from '@google/genai';
import { expect } from 'vitest';
import { parseFaultPlan } from '../../src/simulator/index.js';
import { type Stage, setStage } from './boot.js';

const KEYS = { 'home-key-0001': 'home', 'home-key-0002': 'home', 'away-key-0003': 'away' } as const;
const PROJECTS = new Map(
  Object.entries(KEYS).map(([key, project]) => [createHash('sha256').update(key).digest('hex').slice(0, 8), project]),
);

/** A bad key, in Google's words. */
export const BAD_KEY = { status: 'INVALID_ARGUMENT', message: 'API key not valid. Please pass a valid API key.' };
/** Path of a whole answer. */
export const GENERATE = '/v1beta/models/gemini-2.5-flash:generateContent';

/** A node with three keys in two projects, and a simulator that tells the projects apart. */
export class TwoProjects {
  readonly ai: GoogleGenAI;

  private constructor(
    readonly stage: Stage,
    /** Bodies the upstream got. */
    readonly bodies: string[],
  ) {
    this.ai = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: stage.node.url } });
  }

  static async set(): Promise<TwoProjects> {
    const bodies: string[] = [];
    const entries = Object.entries(KEYS).map(([key, project]) => `${project}:${key}`);
    const stage = await setStage(
      { GEMINI_API_KEY: entries.join(','), REQUEST_BODY_LIMIT: '1MiB' },
      { projects: KEYS, gzip: true, onRequest: (_record, body) => bodies.push(body.toString()) },
    );
    return new TwoProjects(stage, bodies);
  }

  call(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(path.startsWith('http') ? path : this.stage.node.url + path, init);
  }

  post(path: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return this.call(path, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
  }

  /** Lets the calls with some keys fail until the faults are cleared. */
  fault(key: string, error: object): void {
    const { plan, problems } = parseFaultPlan({ faults: [{ key, fault: { kind: 'error', ...error } }] });
    if (plan === undefined) throw new Error(problems.join('\n'));
    this.stage.simulator.faults.set(plan);
  }

  /** Ends faults and rests, and lets all keys in again. */
  async readmit(): Promise<void> {
    this.stage.simulator.faults.clear();
    await (await this.call('/self/heal', { method: 'POST' })).text();
  }

  /** Makes something while the keys of the first project are out: it belongs to the second. */
  async madeAway<T>(make: () => Promise<T>): Promise<T> {
    this.fault('home-*', BAD_KEY);
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await this.call('/v1beta/models')).status);
    expect(statuses).toEqual([400, 400, 200]);
    this.stage.simulator.faults.clear();
    const made = await make();
    await this.readmit();
    // From now on what names nothing goes home again.
    this.stage.simulator.journal.clear();
    await (await this.call('/v1beta/files')).text();
    expect(this.asked()).toEqual(['home']);
    this.stage.simulator.journal.clear();
    return made;
  }

  /** The projects whose keys the upstream got, call by call. */
  asked(): string[] {
    return this.stage.simulator.journal.records.map(({ keyHash }) => PROJECTS.get(keyHash) ?? keyHash);
  }
}

/** So many calls to the second project. */
export function away(times: number): string[] {
  return Array.from({ length: times }, () => 'away');
}
