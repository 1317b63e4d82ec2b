// Loaded first into every process that `npm start` starts: when the parent is gone, also by kill -9, the channel closes and the
// process ends as if asked to. Nothing of the demonstration outlives its start, except PostgreSQL, which the next start takes over.
// Node hands this module down to what the process itself forks; those have a parent of their own and are left alone.
const PATIENCE_MS = 10_000

if (process.env.TIED_TO_PID === String(process.ppid)) {
  process.channel?.unref()
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), PATIENCE_MS).unref()
    process.kill(process.pid, 'SIGTERM')
  })
}
