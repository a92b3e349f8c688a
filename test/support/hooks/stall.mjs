// SIGUSR2: an event loop that stands still for ever.
process.on('SIGUSR2', function wedged() {
  for (;;);
});
