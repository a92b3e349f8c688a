// SIGUSR2: an error that nobody catches, as a bug would throw it.
process.on('SIGUSR2', () => {
  setImmediate(() => {
    throw new TypeError('a bug, with AIzaSyA-0123456789abcdefghijklmn in it');
  });
});
