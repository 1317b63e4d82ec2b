import { spawnSync } from 'node:child_process'
import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MailSimulator, startMailSimulator } from '#simulators/mail/server.ts'

let simulator: MailSimulator
beforeEach(async () => {
  simulator = await startMailSimulator({ smtp: 0, page: 0, host: '127.0.0.1' }, { smsToken: 'token' })
})
afterEach(() => simulator.close())

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

  const hand = (key: string, body: unknown, token = 'token') =>
    fetch(`http://127.0.0.1:${simulator.pagePort}/sms`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
    })
  const message = { to: '+393331234567', from: 'Mensa', text: 'Il codice è <b>123456</b>' }

  it('is a gateway for texts too: it takes each key once, and shows the texts beside the mails', async () => {
    expect((await hand('one', message)).status).toBe(202)
    expect((await hand('one', message)).status).toBe(202)
    expect(simulator.texts.all()).toMatchObject([{ key: 'one', ...message, times: 2 }])
    const page = await (await get('/')).text()
    expect(page).toContain('Il codice è &lt;b&gt;123456&lt;/b&gt;')
    expect(page).toContain('chiesto 2 volte')
  })

  it.each<[string, number, { key?: string; body?: unknown; token?: string }]>([
    ['a wrong token', 401, { token: 'other' }],
    ['no key', 400, { key: '' }],
    ['a number in another form', 400, { body: { ...message, to: '333 1234567' } }],
    ['an empty text', 400, { body: { ...message, text: '' } }],
    ['no object', 400, { body: 'x' }],
    ['more than a text', 413, { body: { ...message, text: 'x'.repeat(20_000) } }],
  ])('takes nothing with %s: %i', async (_name, status, { key = 'two', body = message, token = 'token' }) => {
    await hand('one', message)
    expect((await hand(key, body, token)).status).toBe(status)
    expect(simulator.texts.all().map((text) => text.key)).toEqual(['one'])
  })

  it('has the faults that its page sets, and no others', async () => {
    const change = (fault: string) =>
      fetch(`http://127.0.0.1:${simulator.pagePort}/sms/guasto`, {
        method: 'POST',
        body: new URLSearchParams({ guasto: fault }),
        redirect: 'manual',
      })
    expect((await change('refusedNumber')).status).toBe(303)
    expect((await hand('three', message)).status).toBe(422)
    expect(await (await get('/')).text()).toContain('<option value="refusedNumber" selected>')
    expect((await change('constructor')).status).toBe(400)
    await change('normal')
    expect((await hand('three', message)).status).toBe(202)
  })

  it('answers not found for a message that is not there', async () => {
    expect((await get('/messaggi/999')).status).toBe(404)
  })

  it('refuses to start where mail must really arrive', () => {
    const env = {
      ...process.env,
      NODE_ENV: 'production',
      DEMO: '',
      PORT: '1',
      SMTP_PORT: '1',
      SMS_TOKEN: 't',
    } as const
    const { status, stdout } = spawnSync(process.execPath, ['simulators/mail/main.ts'], {
      env,
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stdout).toContain('DEMO=1')
  })
})
