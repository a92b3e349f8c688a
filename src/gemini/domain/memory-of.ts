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
