let viewed: ArrayBufferLike = new ArrayBuffer(0);
let view: DataView = new DataView(viewed);

/** The memory in which these bytes lie. Events that come one behind the other lie in the same: it has one view. */
export function memoryOf(bytes: Buffer): DataView {
  const { buffer } = bytes;
  if (buffer !== viewed) {
    viewed = buffer;
    view = new DataView(buffer);
  }
  return view;
}

/** Bytes that are copied at a time. */
const WORD = 4;

/** From where to where a text stands in a memory. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Copies a few words from a memory into another one, where most are shorter than what a call to have them copied costs. Returns the offset behind them. */
export function copyText({ from, to }: Stretch, memory: DataView, into: DataView, offset: number): number {
  let at = from;
  let end = offset;
  for (; at + WORD <= to; at += WORD, end += WORD) into.setInt32(end, memory.getInt32(at));
  for (; at < to; at++, end++) into.setUint8(end, memory.getUint8(at));
  return end;
}
