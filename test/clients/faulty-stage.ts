import { type RunningSimulator } from '../../src/simulator/index.js';
import { bootNode, setStage } from '../support/boot.js';
import { type AnswerFault } from './answer-faults.js';
import { strikeByKey } from './keyed-faults.js';

/** A simulator with a fault for each key, and two nodes in front of it. */
export interface FaultyStage {
  readonly simulator: RunningSimulator;
  /** The node for calls that meet nothing, or a fault that shows at once: none of its limits is ever reached. */
  readonly patient: string;
  /** The node for calls that meet a fault: a hasty one for those in which only time tells. */
  urlFor(fault: AnswerFault | undefined): string;
  close(): Promise<void>;
}

/** Boots both nodes; the limits are those of the hasty one. */
export async function setFaultyStage(
  faults: Readonly<Record<string, AnswerFault>>,
  limits: Record<string, string>,
): Promise<FaultyStage> {
  const stage = await setStage();
  const { simulator, node } = stage;
  strikeByKey(simulator, faults);
  const hasty = await bootNode({ GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: simulator.url, ...limits });
  return {
    simulator,
    patient: node.url,
    urlFor: (fault) => (fault?.waits === true ? hasty.node.url : node.url),
    close: async () => {
      await hasty.node.drain();
      await stage.close();
    },
  };
}

/** Limits that are soon reached, for streamed answers and for those in one piece. */
export const HASTY = {
  stream: { TTFT_TIMEOUT_MS: '400ms', STREAM_IDLE_TIMEOUT_MS: '400ms' },
  unary: { REQUEST_DEADLINE_MS: '1s' },
} as const;
