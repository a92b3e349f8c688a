import { ERROR_CODES, type ErrorCode } from '../../kernel/error-codes.js';

/** One error code as it is explained to a reader. */
export interface ExplainedError {
  readonly code: ErrorCode;
  /** The part of the address behind `#` that `type` of a problem leads to. */
  readonly anchor: string;
  readonly title: string;
  readonly status: number;
  readonly fault: string;
  readonly remedy: string;
}

const FAULT = {
  client: 'The request is at fault.',
  local: 'The node is at fault.',
  upstream: 'Gemini, or the way to it, is at fault.',
};

/** Every error the node makes itself, by status and then as the table has them. */
export function explainedErrors(): readonly ExplainedError[] {
  return (Object.keys(ERROR_CODES) as ErrorCode[])
    .map((code) => {
      const { title, status, origin, remedy } = ERROR_CODES[code];
      return { code, anchor: code.toLowerCase(), title, status, fault: FAULT[origin], remedy };
    })
    .sort((a, b) => a.status - b.status);
}
