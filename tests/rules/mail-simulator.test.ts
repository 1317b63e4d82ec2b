import { spawnSync } from 'node:child_process'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MailSimulator, startMailSimulator } from '#simulators/mail/server.ts'

let simulator: MailSimulator
beforeAll(async () => {
  simulator = await startMailSimulator({ smtp: 0, page: 0, host: '127.0.0.1' }, { smsToken: 'token' })
})
afterAll(() => simulator.close())

const get = (path: string) => fetch(`http://127.0.0.1:${simulator.pagePort}${path}`)

describe('the mail of the demonstration', () => {
  it('keeps what the portal sends and shows it, markup as text', async () => {
    const sender = createTransport(`smtp://127.0.0.1:${simulator.smtpPort}`)
    await sender.sendMail({
      from: 'Mensa <mensa@example.it>',
      to: 'Laura Conti <laura@example.it>',
      subject: 'Saldo <script>alert(1)</script> così',
      text: 'Il saldo è basso: 5,40 €',
    })
    expect(simulator.inbox.all()).toMatchObject([{ id: 1, to: '"Laura Conti" <laura@example.it>' }])
    const page = await (await get('/messaggi/1')).text()
    expect(page).toContain('Il saldo è basso: 5,40 €')
    expect(page).toContain('Saldo &lt;script&gt;')
    expect(page).not.toContain('<script>')
    expect(await (await get('/')).text()).toContain('1 messaggio')
  })

  it('answers not found for a message that is not there', async () => {
    expect((await get('/messaggi/999')).status).toBe(404)
  })

  it('refuses to start where mail must really arrive', () => {
    const env = { ...process.env, NODE_ENV: 'production', DEMO: '', PORT: '1', SMTP_PORT: '1' } as const
    const { status, stderr } = spawnSync(process.execPath, ['simulators/mail/main.ts'], {
      env,
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stderr).toContain('DEMO=1')
  })
})
