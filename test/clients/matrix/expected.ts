import { type AnswerFault } from '../answer-faults.js';
import { genaiDriver } from '../drivers/genai.driver.js';
import { openaiDriver } from '../drivers/openai.driver.js';
import { CIRCUMSTANCES } from './circumstances.js';
import { type Outcome, type Play } from './measure.js';

/**
 * What a call has to come to. `whole` is the exact text of the undisturbed call. `honest` is that or an error.
 * `doubled` is a package going on by itself after the node's error.
 */
export type Demand = 'whole' | 'honest' | 'doubled';

/** Events before a model with continuation tokens gives the first. */
const FIRST_CHECKPOINT = 4;

/** What is asked of the node for one fault with one package. */
export function demandOf(fault: AnswerFault, client: string, { how, circumstance }: Play): Demand {
  if (fault.harmless === true || (fault.surface === 'native' && client === openaiDriver('/v1').name)) return 'whole';
  if (circumstance.fallback !== undefined) return 'whole';
  if (!circumstance.once) return 'honest';
  if (!isFinal(fault)) return 'whole';
  const { token } = CIRCUMSTANCES;
  // It goes on from its last checkpoint token by itself, and does not drop what it has had since.
  const resumesItself = how === 'stream' && circumstance.name === token.name && client === genaiDriver.name;
  if (resumesItself && Number(fault.fault['afterEvents']) >= FIRST_CHECKPOINT) return 'doubled';
  return 'honest';
}

/** Whether an outcome is what is asked for, or better. */
export function meets({ got }: Outcome, demand: Demand): boolean {
  if (demand === 'whole') return got === 'whole';
  return got === 'whole' || got === 'error' || got === demand;
}

/** A silent route is not asked again, nor a key whose quota is used up: without another, the call ends there. */
function isFinal({ waits, rests }: AnswerFault): boolean {
  return waits === true || rests === true;
}
