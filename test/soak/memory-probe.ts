/*
 * Loaded into a node ahead of its own code: answers each message with the memory of the
 * process after a collection. Needs --expose-gc, and a parent that listens.
 */

process.on('message', () => {
  // Twice: the first may leave what finalizers let go.
  globalThis.gc?.();
  globalThis.gc?.();
  process.send?.(process.memoryUsage());
});
