import fc from 'fast-check';

export type Json = Record<string, unknown>;

/** How a text may stand in JSON, rightly and wrongly. */
const textBytes = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(JSON.stringify(text))),
  fc
    .array(fc.constantFrom(...'a,",\\,\\",\\n,\\u00e9,\\u12,\\x,\t,\n,\r,\0,é,😀,{,}'.split(',')))
    .map((parts) => Buffer.from(`"${parts.join('')}"`)),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.concat([Buffer.from('"'), bytes, Buffer.from('"')])),
  fc.constantFrom('null', '7', '[]', '""', '"', '').map((text) => Buffer.from(text)),
);
/** How a count may stand in JSON, rightly and wrongly. */
const countText = fc.oneof(
  fc.nat().map(String),
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 14, maxLength: 30 }).map((digits) => digits.join('')),
  fc.constantFrom(...'0,00,01,-1,-0,1.5,1e3,999999999999999,9007199254740993,,null,"1",1 '.split(',')),
);

/** What stands in an event: its text, and two counts. */
export interface Words {
  readonly text: Buffer;
  readonly counts: readonly [string, string];
}
/** What may stand in an event, rightly and wrongly. */
export const words: fc.Arbitrary<Words> = fc.record({ text: textBytes, counts: fc.tuple(countText, countText) });

/** Events that say the same in other layouts; what stands in them decides whether they can be learnt. */
export const LAYOUTS: readonly ((words: Words) => Buffer)[] = [
  ({ text, counts: [input, output] }) =>
    bytes`data: {"candidates": [{"content": {"parts": [{"text": ${text}}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": ${input},"candidatesTokenCount": ${output}},"modelVersion": "m"}\r\n\r\n`,
  ({ text, counts: [input, output] }) =>
    bytes`data: {"usageMetadata":{"candidatesTokenCount":${output},"promptTokenCount":${input}},"candidates":[ {"content":{"parts":[ {"thought":true,"text":${text}} ]}} ]}\n\n`,
  // Members that stand twice, and a name that only looks like another.
  ({ text, counts: [input, output] }) =>
    bytes`data: {"candidates":[{"content":{"parts":[{"text":"no","text":${text},"other":{"text":"x"}}]}}],"usageMetadata":{"promptTokenCount":1,"promptTokenCount":${input},"totalTokenCount":${output}}}\n\n`,
  ({ text }) => bytes`data: {"candidates":[{"content":{"parts":[{"text":${text},"te\\u0078t":"other"}]}}]}\n\n`,
  ({ text }) => bytes`data: {"candidates":[{"content":{"parts":[{"text":${text}},{"text":"second"}]}}]}\n\n`,
  ({ text, counts: [input] }) =>
    bytes`data: {"candidates":[{"content":{"parts":[{"text":${text}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":${input}}}\n\n`,
];

/** Bytes with others in them. */
export function bytes(strings: TemplateStringsArray, ...values: readonly (Buffer | string)[]): Buffer {
  return Buffer.concat(strings.flatMap((string, index) => [Buffer.from(string), Buffer.from(values[index] ?? '')]));
}
