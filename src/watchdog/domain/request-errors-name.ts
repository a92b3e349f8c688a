/** Name of the finding that only says that requests fail, and not why. */
export const REQUEST_ERRORS = 'request_errors';
