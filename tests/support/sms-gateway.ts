import { type MailSimulator, startMailSimulator } from '#simulators/mail/server.ts'

const TOKEN = 'only-for-tests'

/** A gateway for texts on this machine, in this process, and the environment of a portal that uses it. */
export async function openSmsGateway(): Promise<{
  simulator: MailSimulator
  environment: Record<'SMS_GATEWAY_URL' | 'SMS_GATEWAY_TOKEN' | 'SMS_SENDER', string>
}> {
  const simulator = await startMailSimulator({ smtp: 0, page: 0, host: '127.0.0.1' }, { smsToken: TOKEN })
  return {
    simulator,
    environment: {
      SMS_GATEWAY_URL: `http://127.0.0.1:${simulator.pagePort}/sms`,
      SMS_GATEWAY_TOKEN: TOKEN,
      SMS_SENDER: 'Mensa',
    },
  }
}
