/** Milliseconds of the machine's monotonic clock: the same in every process, so that times can be compared between them. */
export function machineNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
