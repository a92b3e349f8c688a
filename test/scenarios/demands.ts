import { type RequestRecord } from '../../src/simulator/index.js';
import { type Seen } from './scenario.js';
import { seconds } from './verdict.js';

/** A demand: whether it is met, and what to say if not. */
export type Demand = readonly [met: boolean, otherwise: string];

/** What was missed of the demands. */
export function missed(...demands: readonly Demand[]): readonly string[] {
  return demands.filter(([met]) => !met).map(([, otherwise]) => otherwise);
}

/** The answer came from that model, by its header and by the word of its body. */
export function answeredBy({ answer }: Seen, model: string): Demand {
  const header = answer.headers['x-l104-model'];
  return [
    header === model && answer.model === model,
    `answered by ${String(header)}, body says ${String(answer.model)}`,
  ];
}

/** The upstream was asked so often in all. */
export function attempted({ attempts }: Seen, least: number, most = least): Demand {
  const { length } = attempts;
  return [
    length >= least && length <= most,
    `${length} attempts, not ${least === most ? most : `${least} to ${most}`}`,
  ];
}

/** A model was asked so often. */
export function asked(seen: Seen, model: string, least: number, most = least): Demand {
  const { length } = attemptsAt(seen, model);
  return [
    length >= least && length <= most,
    `${length} attempts at ${model}, not ${least === most ? most : `${least} to ${most}`}`,
  ];
}

/** The caller had the answer in less than this real time, ms. */
export function withinTime({ answer, profile }: Seen, realMs: number): Demand {
  return [answer.ms < profile.atMost(realMs), `took ${seconds(answer.ms)}`];
}

/** The tokens were told. */
export function usageTold({ answer }: Seen): Demand {
  return [Object.keys(answer.usage ?? {}).length > 0, 'no usage'];
}

/** Attempts at a model, oldest first. */
export function attemptsAt({ attempts }: Seen, model: string): readonly RequestRecord[] {
  return attempts.filter((attempt) => attempt.model === model);
}

/** Milliseconds from the first attempt to the one of that place (0 is the first); undefined when there is none. */
export function startOf({ attempts }: Seen, at: number): number | undefined {
  const [first] = attempts;
  const attempt = attempts[at];
  return first === undefined || attempt === undefined ? undefined : attempt.startedAt - first.startedAt;
}

/** What is wrong with the node once nothing else is any more: it has to live, and to answer the same question. */
export async function illAfter({ stage, expected }: Seen): Promise<readonly string[]> {
  stage.strike([]);
  const next = await stage.ask();
  return missed(
    [next.status === 200 && next.text === expected.text, `the next call got status ${next.status} and ${next.end}`],
    [(await stage.status('/health/live')) === 200, '/health/live fails afterwards'],
  );
}
