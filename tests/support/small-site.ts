import cluster from 'node:cluster'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { answerCalls, WebProcesses } from '#scripts/lib/web-processes.ts'

/**
 * A site of two processes under the supervisor of the real one, started as a program of its own: `/` says which process answers,
 * `/stuck` blocks its event loop for ever. A process ends at its start as long as the file exists that FAILS_WHILE names.
 */
const { PORT = '0', FAILS_WHILE = '' } = process.env

if (cluster.isPrimary) {
  const processes = new WebProcesses(2, Number(PORT))
  process.on('SIGTERM', () => processes.stop())
  await processes.run()
  process.disconnect?.()
} else {
  if (existsSync(FAILS_WHILE)) process.exit(3)
  answerCalls()
  process.on('SIGTERM', () => process.exit(0))
  createServer((request, response) => {
    if (request.url === '/stuck') for (;;);
    response.setHeader('connection', 'close').end(String(process.pid))
  }).listen(Number(PORT), '127.0.0.1')
}
