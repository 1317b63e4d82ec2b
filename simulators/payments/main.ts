import { log } from '#lib/kernel/log.ts'
import { startPaymentsSimulator } from './server.ts'

/** Environment: PORT, API_KEY (both required), PUBLIC_URL, HOST, STATE_FILE. */
const { PORT, API_KEY, PUBLIC_URL, HOST, STATE_FILE, NODE_ENV, DEMO } = process.env

function stop(message: string): never {
  log().fatal({ words: message }, 'payments simulator: could not start')
  process.exit(1)
}

if (NODE_ENV === 'production' && DEMO !== '1') {
  stop('The payments simulator does not run in production. For a demonstration set DEMO=1.')
}
const port = Number(PORT)
if (!Number.isInteger(port) || port < 1 || port > 65_535)
  stop('The payments simulator needs PORT, a number from 1 to 65535.')
if (!API_KEY) stop('The payments simulator needs API_KEY, the same that the portal sends.')

try {
  const simulator = await startPaymentsSimulator({
    port,
    apiKey: API_KEY,
    ...(PUBLIC_URL ? { publicUrl: PUBLIC_URL } : {}),
    ...(HOST ? { host: HOST } : {}),
    ...(STATE_FILE ? { stateFile: STATE_FILE } : {}),
  })
  log().info({ url: simulator.url }, 'payments simulator: started')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.close().then(() => process.exit(0)))
  }
} catch (error) {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  stop(isTaken ? `Port ${port} is in use: the payments simulator cannot start.` : String(error))
}
