/** What a heal can be about, as the diagnosis names it. */
export const CAUSES = [
  'configuration',
  'store_fault',
  'connection_fault',
  'local_overload',
  'internal_fault',
  'quota_exhausted',
  'upstream_outage',
] as const;

/** Name of a cause: a label of metrics, and a member of every journalled run. */
export type Cause = (typeof CAUSES)[number];

/** Facts behind a finding: few plain values, safe to show to an administrator. */
export type Evidence = Readonly<Record<string, string | number | boolean | null>>;
