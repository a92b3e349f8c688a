import { type Family, type FamilyValue, type Snapshot } from './family.js';

type Label = readonly [name: string, value: string];

const LENGTH_DELIMITED = 2;
const FIXED_64 = 1;
const VARINT = 0;

/**
 * A `WriteRequest` of Prometheus remote-write 1.0, in protobuf: one series with one sample for every value.
 * (`message WriteRequest { repeated TimeSeries timeseries = 1; }`, https://prometheus.io/docs/specs/prw/remote_write_spec/)
 * @param common labels of all series, such as `job` and `instance`
 */
export function writeRequest({ at, families }: Snapshot, common: Readonly<Record<string, string>>): Uint8Array {
  const shared = Object.entries(common);
  const series = families.flatMap((family) =>
    family.values.map((value) => field(1, timeSeries(labelsOf(family, value, shared), value.value, at))),
  );
  return joined(series);
}

/** Sorted by name, as the specification wants them; an empty value is the same as no label. */
function labelsOf(family: Family, { labels, metricName }: FamilyValue, shared: readonly Label[]): Label[] {
  const own = Object.entries(labels).map(([name, value]) => [name, boundText(value)] as const);
  const all = new Map<string, string>([...shared, ...own, ['__name__', metricName ?? family.name]]);
  return [...all].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1));
}

function boundText(value: string | number | undefined): string {
  return value === undefined ? '' : String(value);
}

/** `message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }` */
function timeSeries(labels: readonly Label[], value: number, at: number): Uint8Array {
  return joined([...labels.map((label) => field(1, labelBytes(label))), field(2, sample(value, at))]);
}

/** `message Label { string name = 1; string value = 2; }` */
function labelBytes([name, value]: Label): Uint8Array {
  const encoder = new TextEncoder();
  return joined([field(1, encoder.encode(name)), field(2, encoder.encode(value))]);
}

/** `message Sample { double value = 1; int64 timestamp = 2; }` */
function sample(value: number, at: number): Uint8Array {
  const double = new Uint8Array(8);
  new DataView(double.buffer).setFloat64(0, value, true);
  return joined([varint(tag(1, FIXED_64)), double, varint(tag(2, VARINT)), varint(at)]);
}

function field(number: number, content: Uint8Array): Uint8Array {
  return joined([varint(tag(number, LENGTH_DELIMITED)), varint(content.length), content]);
}

function tag(number: number, wireType: number): number {
  return number * 8 + wireType;
}

/** Seven bits to a byte, the lowest first; whole numbers from 0 to 2^53. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  bytes.push(left);
  return Uint8Array.from(bytes);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
