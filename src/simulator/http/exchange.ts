import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type MatchedFaults } from '../domain/fault-book.js';
import { RpcError } from '../domain/rpc-error.js';
import { reply as plainReply } from '../domain/fault-error.js';
import { type Reply, wireScript } from '../domain/wire-script.js';
import { MAX_BODY_BYTES } from '../options.js';
import { type OpenRecord, type RequestJournal, type RequestOutcome } from '../request-journal.js';
import { readBody } from './body.js';
import { type Address, addressOf, type Call, methodOf, modelOf, parseJson, takesJson } from './call.js';
import { dispatch } from './dispatch.js';
import { maskedHeaders, maskedPath } from './mask.js';
import { errorReply } from './replies.js';
import { runScript, type ScriptEnd } from './script-runner.js';
import { sha256, type SimulatorState } from './state.js';

/** The pause between two events unless an option says otherwise, in milliseconds. */
const WORD_DELAY_MS = 15;
const NO_FAULTS: MatchedFaults = { chance: 0, kinds: [] };

/** Serves one request from its first byte to its last, and keeps the journal of it. */
export class Exchange {
  readonly #state: SimulatorState;
  readonly #journal: RequestJournal;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #address: Address;
  readonly #record: OpenRecord;
  readonly #startedAt = performance.now();

  constructor(state: SimulatorState, journal: RequestJournal, request: IncomingMessage, response: ServerResponse) {
    this.#state = state;
    this.#journal = journal;
    this.#request = request;
    this.#response = response;
    this.#address = addressOf(request);
    const keyHash = state.keyHash(this.#address.key);
    this.#record = journal.begin({
      verb: request.method ?? 'GET',
      path: maskedPath(request.url ?? '/', keyHash),
      surface: this.#address.surface,
      method: methodOf(this.#address.route, request.method ?? 'GET', {}),
      headers: maskedHeaders(request.rawHeaders, (key) => state.keyHash(key)),
      keyHash,
      startedAt: state.clock.wall(),
    });
    // A broken connection is told by 'close'; without a listener the error event would end the process.
    response.on('error', () => undefined);
  }

  /** Reads, answers and records; never throws. */
  async run(): Promise<void> {
    if (this.#state.refusing) {
      this.#request.socket.resetAndDestroy();
      this.#finish('fault:refuse');
      return;
    }
    const body = await readBody(
      this.#request,
      Math.min(this.#state.options.maxBodyBytes ?? MAX_BODY_BYTES, MAX_BODY_BYTES),
    );
    if (body === 'gone') {
      this.#finish('client_aborted');
      return;
    }
    if (body === 'too-large') {
      const error = new RpcError('INVALID_ARGUMENT', 'Request payload size exceeds the limit.');
      await this.#send(errorReply(plainReply(error), this.#address.surface === 'openai'), NO_FAULTS);
      return;
    }
    const call = this.#callOf(body);
    await this.#send(dispatch(this.#state, call, this.#address.key), call.faults);
  }

  #callOf(body: Buffer): Call {
    const { route, query, surface, key } = this.#address;
    const verb = this.#record.verb;
    const json = takesJson(route, verb) ? parseJson(body) : {};
    const target = {
      surface,
      model: modelOf(route, json),
      method: methodOf(route, verb, json),
      keyHash: this.#record.keyHash,
    };
    const faults = this.#state.faults.match({ ...target, key: key ?? '' });
    Object.assign(this.#record, {
      model: target.model,
      method: target.method,
      bodyBytes: body.length,
      bodySha256: sha256(body),
      faults: faults.kinds,
    });
    this.#state.options.onRequest?.(this.#record, body, this.#request);
    this.#journal.changed(this.#record);
    const project = this.#state.projectOf(key);
    return { verb, route, query, headers: this.#request.headers, body, json, ...target, project, faults };
  }

  async #send(reply: Reply, faults: MatchedFaults): Promise<void> {
    const record = this.#record;
    const accepts = this.#request.headers['accept-encoding'];
    const gzip = this.#state.options.gzip === true && faults.stream === undefined && /\bgzip\b/.test(String(accepts));
    const script = wireScript(reply, faults, this.#state.options.wordDelayMs ?? WORD_DELAY_MS);
    const end = await runScript(script, this.#response, {
      startedAt: this.#startedAt,
      gzip,
      onHead: (status) => {
        record.status = status;
        this.#journal.changed(record);
      },
      onEvent: () => {
        record.eventsSent++;
        this.#journal.changed(record);
      },
    });
    this.#finish(outcomeOf(end, reply, faults));
  }

  #finish(outcome: RequestOutcome): void {
    this.#journal.finish(this.#record, outcome, this.#state.clock.wall());
  }
}

/** Faults after which an answer is still as it should be. */
const HARMLESS: ReadonlySet<string> = new Set(['continuation', 'prefillStyle']);

/** The fault that decided how the request ended; one that only delayed or slowed it does not count as its end. */
function outcomeOf(end: ScriptEnd, reply: Reply, faults: MatchedFaults): RequestOutcome {
  if (end === 'aborted') return 'client_aborted';
  const untouched = reply.kind === 'body' && reply.faultless;
  const deciding = faults.outcome ?? (untouched ? undefined : (faults.stream ?? faults.answer));
  return deciding === undefined || HARMLESS.has(deciding.kind) ? 'completed' : `fault:${deciding.kind}`;
}
