import { type Answer } from '../scenarios/calls/answer.js';
import { formName } from '../scenarios/calls/forms.js';
import { endingOf, seconds } from '../scenarios/verdict.js';
import { type PlannedCall } from './traffic.js';

/** Kept examples of what must not happen. */
const MOST_EXAMPLES = 10;

/** A call that ended as none may. */
export interface Example {
  readonly text: string;
  /** Empty when no head came. */
  readonly requestId: string;
}

/** Counts of what became of the calls. */
export class Tally {
  sent = 0;
  whole = 0;
  left = 0;
  /** Errors that said so, by code and by form. */
  readonly errors = new Map<string, Map<string, number>>();
  /** Answers that ended cleanly and were not the answer. */
  silentCuts = 0;
  /** Calls without an end, or that broke without a word. */
  unanswered = 0;
  readonly examples: Example[] = [];
  slowestMs = 0;

  /** @param expected the undisturbed text for a prompt */
  constructor(private readonly expected: ReadonlyMap<string, string>) {}

  /** Calls of which it is known what became of them. */
  get settled(): number {
    return this.whole + this.left + this.honest + this.silentCuts + this.unanswered;
  }

  /** Errors that said so. */
  get honest(): number {
    let count = 0;
    for (const forms of this.errors.values()) for (const here of forms.values()) count += here;
    return count;
  }

  /** The counts by name. */
  get counts(): Readonly<Record<string, unknown>> {
    const { sent, whole, left, honest, silentCuts, unanswered, examples } = this;
    const errors = Object.fromEntries([...this.errors].map(([code, forms]) => [code, Object.fromEntries(forms)]));
    return { sent, whole, left, honest, errors, silentCuts, unanswered, examples };
  }

  /** Takes in one answer. */
  add(call: PlannedCall, answer: Answer): void {
    const { form, prompt } = call;
    this.slowestMs = Math.max(this.slowestMs, answer.ms);
    if (answer.end === 'left') {
      this.left++;
      return;
    }
    const finish = form.surface === 'openai' ? 'stop' : 'STOP';
    const { kind, reason } = endingOf(answer, { text: this.expected.get(prompt) ?? '', finish });
    if (kind === 'whole') this.whole++;
    else if (kind === 'honest') this.#error(call, answer);
    else {
      if (kind === 'untrue') this.silentCuts++;
      else this.unanswered++;
      if (this.examples.length < MOST_EXAMPLES) this.examples.push(exampleOf(call, answer, reason));
    }
  }

  #error({ form }: PlannedCall, { status, end, error }: Answer): void {
    const code = `${end === 'broken' ? 'in the stream' : `status ${status}`} ${error?.code ?? ''}`.trim();
    const forms = this.errors.get(code) ?? new Map<string, number>();
    const name = formName(form);
    forms.set(name, (forms.get(name) ?? 0) + 1);
    this.errors.set(code, forms);
  }
}

function exampleOf({ form, manner }: PlannedCall, { status, text, ms, headers }: Answer, reason: string): Example {
  const reader = manner.pauseMs === undefined ? '' : ', a slow reader';
  const facts = `status ${status}, ${text.length} characters after ${seconds(ms)}${reader}`;
  return { text: `${formName(form)}: ${reason} (${facts})`, requestId: String(headers['x-request-id'] ?? '') };
}
