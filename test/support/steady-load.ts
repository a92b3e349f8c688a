import { request } from 'node:http';

const CALL = JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] });
const HEADERS = { 'content-type': 'application/json', 'x-goog-api-key': 'clients-own-key' };

/** Callers who ask one thing after another until they are stopped, and note whatever is not a whole answer of 200. */
export class SteadyLoad {
  /** What went wrong, in words. */
  readonly failures: string[] = [];
  /** Keys of the items whose storing was acknowledged. */
  readonly stored: string[] = [];
  /** Calls to a model that were answered. */
  answered = 0;
  #going = true;
  readonly #callers: readonly Promise<void>[];

  constructor(private readonly url: string) {
    const unary = (): Promise<void> => this.#unary(false);
    this.#callers = [unary, unary, () => this.#unary(true), () => this.#store()].map((ask) => this.#again(ask));
  }

  /** Lets everyone finish what they are at. */
  async stop(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#callers);
  }

  async #again(ask: () => Promise<void>): Promise<void> {
    while (this.#going) {
      await ask().catch((error: unknown) => {
        this.failures.push(String((error as { cause?: unknown }).cause ?? error));
      });
    }
  }

  /** A call to a model, over a connection that is kept or over one of its own. */
  async #unary(ownConnection: boolean): Promise<void> {
    const url = `${this.url}/v1beta/models/gemini-2.5-flash:generateContent`;
    const text = ownConnection
      ? await post(url)
      : await (await fetch(url, { method: 'POST', headers: HEADERS, body: CALL })).text();
    if (!text.includes('"finishReason"')) throw new Error(text.slice(0, 200));
    this.answered++;
  }

  async #store(): Promise<void> {
    const key = `item-${this.stored.length}`;
    const body = JSON.stringify({ key, value: 'x' });
    const response = await fetch(`${this.url}/memory`, { method: 'POST', headers: HEADERS, body });
    if (response.status !== 200) throw new Error(`memory: ${response.status} ${await response.text()}`);
    await response.text();
    this.stored.push(key);
  }
}

function post(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent: false, headers: HEADERS }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        resolve(text);
      });
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(CALL);
  });
}
