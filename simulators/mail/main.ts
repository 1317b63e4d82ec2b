import { log } from '#lib/kernel/log.ts'
import { startMailSimulator } from './server.ts'

/** Environment: SMTP_PORT, PORT (of the page and of the gateway for texts) and SMS_TOKEN, all required; HOST. */
const { PORT, SMTP_PORT, SMS_TOKEN, HOST, NODE_ENV, DEMO } = process.env

function giveUp(message: string): never {
  log().fatal({ words: message }, 'mail simulator: could not start')
  process.exit(1)
}

const portIn = (text: string | undefined, name: string): number => {
  const port = Number(text)
  return Number.isInteger(port) && port > 0 && port < 65_536
    ? port
    : giveUp(`Il simulatore della posta vuole ${name}, un numero di porta.`)
}

if (NODE_ENV === 'production' && DEMO !== '1') {
  giveUp(
    'Il simulatore della posta non consegna nulla: con NODE_ENV=production parte solo nella dimostrazione (DEMO=1).',
  )
}
const ports = { smtp: portIn(SMTP_PORT, 'SMTP_PORT'), page: portIn(PORT, 'PORT'), host: HOST || '127.0.0.1' }
if (!SMS_TOKEN) giveUp('Il simulatore della posta vuole SMS_TOKEN, la parola d’ordine di chi manda gli SMS.')
try {
  const simulator = await startMailSimulator(ports, { smsToken: SMS_TOKEN })
  log().info(
    { smtpPort: simulator.smtpPort, page: `http://localhost:${simulator.pagePort}` },
    'mail simulator: started',
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.close().then(() => process.exit(0)))
  }
} catch (error) {
  giveUp(`Il simulatore della posta non parte: ${error instanceof Error ? error.message : error}`)
}
