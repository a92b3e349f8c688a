/** Values of series at the same points in time; null where a value is not known. */
export interface PlotData {
  /** Seconds since the epoch, growing. */
  readonly times: readonly number[];
  /** By name of the series, as long as `times`. */
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
  /** False while the node's store cannot be read. */
  readonly complete: boolean;
}

/** Reads the answer of `GET /metrics/history`; undefined when it is none. */
export function readHistory(answer: unknown): PlotData | undefined {
  if (!isRecord(answer) || !Array.isArray(answer['series'])) return undefined;
  const { from, to, step_seconds: stepSeconds } = answer;
  if (typeof from !== 'number' || typeof to !== 'number' || typeof stepSeconds !== 'number') return undefined;
  const told = (answer['series'] as unknown[]).filter(isRecord).map(({ name, points }) => ({
    name: typeof name === 'string' ? name : '',
    points: new Map((Array.isArray(points) ? (points as unknown[]) : []).filter(isPoint)),
  }));
  const times = [...new Set(told.flatMap(({ points }) => [...points.keys()]))].sort((a, b) => a - b);
  const values = told.map(({ name, points }) => [name, times.map((time) => points.get(time) ?? null)] as const);
  return { times, values: Object.fromEntries(values), from, to, stepSeconds, complete: answer['complete'] !== false };
}

/** Whether anything is known at all. */
export function hasValues({ values }: PlotData): boolean {
  return Object.values(values).some((line) => line.some((value) => value !== null));
}

function isPoint(value: unknown): value is [number, number | null] {
  return Array.isArray(value) && typeof value[0] === 'number' && (typeof value[1] === 'number' || value[1] === null);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
