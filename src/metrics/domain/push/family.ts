/** One value of a metric; `metricName` tells the parts of a histogram apart. */
export interface FamilyValue {
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly value: number;
  readonly metricName?: string;
}

/** A metric with all its values, as they stand at one moment. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly values: readonly FamilyValue[];
}

/** Every metric at one moment. */
export interface Snapshot {
  /** Wall clock, ms since the epoch. */
  readonly at: number;
  readonly families: readonly Family[];
}
