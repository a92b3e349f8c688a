/** An error as the user of a package sees it. */
export interface Failure {
  readonly class: string;
  readonly name: string;
  readonly status: unknown;
  readonly message: string;
  /** What else the package tells about it. */
  readonly told: Readonly<Record<string, unknown>>;
  /** A response header, where the package hands them out. */
  header(name: string): string | undefined;
}

const TOLD = ['code', 'type', 'param', 'error', 'data', 'errorDetails', 'statusText', 'isRetryable'];

/** The error a call ends with; a call that ends well is an error here. `url` is cut out of messages. */
export async function failureOf(call: Promise<unknown>, url: string): Promise<Failure> {
  const error = await call.then(
    (value) => {
      throw new Error(`was answered: ${JSON.stringify(value).slice(0, 200)}`);
    },
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error(`rejected with something that is no error: ${String(error)}`);
  const fields = error as Error & Record<string, unknown>;
  const { headers, responseHeaders } = fields;
  return {
    class: error.constructor.name,
    name: error.name,
    status: fields['status'] ?? fields['statusCode'],
    message: error.message.replaceAll(new URL(url).origin, ''),
    told: Object.fromEntries(TOLD.filter((name) => name in error).map((name) => [name, fields[name]])),
    header: (name) => {
      if (headers instanceof Headers) return headers.get(name) ?? undefined;
      return (responseHeaders as Record<string, string> | undefined)?.[name];
    },
  };
}
