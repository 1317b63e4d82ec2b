import { log } from '#lib/kernel/log.ts'
import { readConfig } from './config.ts'
import { createSpidSimulator } from './server.ts'

try {
  const config = readConfig(process.env)
  const server = createSpidSimulator(config)
  server.listen(config.port, config.host, () =>
    log().info({ origin: config.origin }, 'spid simulator: started'),
  )
  const stop = () => {
    server.close()
    server.closeAllConnections()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
} catch (error) {
  const words = error instanceof Error ? error.message : String(error)
  log().fatal({ words }, 'spid simulator: could not start')
  process.exitCode = 1
}
