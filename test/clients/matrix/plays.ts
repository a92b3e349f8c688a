import { type AnswerFault, STREAM_FAULTS, UNARY_FAULTS } from '../answer-faults.js';
import { CIRCUMSTANCES } from './circumstances.js';
import { type Play } from './measure.js';

/** The faults of a way of asking. */
export const FAULTS_OF: Readonly<Record<Play['how'], Readonly<Record<string, AnswerFault>>>> = {
  stream: STREAM_FAULTS,
  unary: UNARY_FAULTS,
};

/** Every way of asking in every circumstance. */
export const PLAYS: readonly Play[] = (['stream', 'unary'] as const).flatMap((how) =>
  Object.values(CIRCUMSTANCES).map((circumstance) => ({ how, circumstance })),
);
