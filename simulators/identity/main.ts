import { readConfig } from './config.ts'
import { createIdentitySimulator } from './server.ts'

try {
  const config = readConfig(process.env)
  const server = createIdentitySimulator(config)
  server.listen(config.port, config.host, () => console.log(`Simulatore di identità: ${config.issuer}`))
  const stop = () => {
    server.close()
    server.closeAllConnections()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
