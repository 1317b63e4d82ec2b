import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgeAnswer } from '#bridge/spid/answer.ts'
import { type AuthnRequest, newId, postOf, redirectOf } from '#bridge/spid/authn-request.ts'
import { type IdentityProvider, readIdentityProvider } from '#bridge/spid/identity-provider.ts'
import { metadataOf } from '#bridge/spid/metadata.ts'
import { simulatedPeople } from '#simulators/identity/people.ts'
import { CASES } from '#simulators/spid/cases.ts'
import { readConfig } from '#simulators/spid/config.ts'
import { readService } from '#simulators/spid/requests.ts'
import { createSpidSimulator } from '#simulators/spid/server.ts'
import { BORGO, keysOf } from '#tests/support/spid.ts'

const keys = keysOf(BORGO)
const service = readService(metadataOf(BORGO, '_m', { key: keys.key, certificates: [keys.certificate] }))
const settings = { origin: 'http://127.0.0.1', service }
const server = createSpidSimulator(settings)
let origin = ''
let provider: IdentityProvider

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  provider = readIdentityProvider(await (await fetch(`${origin}/metadata`)).text())
})
afterAll(() => server.close())

const post = (path: string, fields: Record<string, string>) =>
  fetch(`${origin}${path}`, { method: 'POST', body: new URLSearchParams(fields) })
const fieldOf = (page: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''

describe('the simulated provider', () => {
  const request: AuthnRequest = { id: newId(), instant: new Date(), level: 2 }

  /** Presses the button of a case on the page that a request leads to. */
  async function press(page: string, number: string) {
    const answered = await post('/risposta', {
      richiesta: fieldOf(page, 'richiesta'),
      livello: fieldOf(page, 'livello'),
      stato: fieldOf(page, 'stato'),
      persona: simulatedPeople[0]?.key ?? '',
      caso: number,
    })
    return answered.text()
  }

  test('takes a request by POST and shows a button for every case', async () => {
    const sent = postOf(BORGO, provider, request, { ...keys, relayState: 'maniglia' })
    const page = await (await post('/sso', sent?.fields ?? {})).text()
    expect(CASES.filter(({ number }) => !page.includes(`name="caso" value="${number}"`))).toEqual([])
    const back = await press(page, '1')
    expect(back).toContain(`action="${BORGO.assertionConsumer}"`)
    expect(fieldOf(back, 'RelayState')).toBe('maniglia')
    const context = {
      request,
      entityId: BORGO.entityId,
      assertionConsumer: BORGO.assertionConsumer,
      provider,
      now: new Date(),
    }
    expect(judgeAnswer(fieldOf(back, 'SAMLResponse'), context)).toMatchObject({ ok: true })
    expect(judgeAnswer(fieldOf(await press(page, '100'), 'SAMLResponse'), context)).toMatchObject({
      check: 'assertion-signature',
    })
  })

  test('takes a request by Redirect', async () => {
    const address = redirectOf(BORGO, provider, request, { ...keys, relayState: 'maniglia' }) ?? ''
    const response = await fetch(`${origin}${new URL(address).pathname}${new URL(address).search}`)
    expect(response.status).toBe(200)
    expect(fieldOf(await response.text(), 'richiesta')).toBe(request.id)
  })

  test('refuses what a real one would refuse', async () => {
    const sent = postOf(BORGO, provider, request, { ...keys, relayState: 'x' })
    const xml = Buffer.from(sent?.fields.SAMLRequest ?? '', 'base64').toString()
    const changed = Buffer.from(xml.replace('SpidL2', 'SpidL1')).toString('base64')
    expect((await post('/sso', { SAMLRequest: changed })).status).toBe(400)
    expect((await fetch(`${origin}/sso`)).status).toBe(400)
    expect((await post('/risposta', { caso: '1' })).status).toBe(400)
    expect((await fetch(`${origin}/altro`)).status).toBe(404)
  })

  test('does not start in production, or without what it needs', () => {
    expect(() => readConfig({ NODE_ENV: 'production' })).toThrow('fa entrare chiunque')
    expect(() => readConfig({ PORT: '1' })).toThrow('manca la variabile ORIGIN')
    expect(() => readConfig({ PORT: 'x' })).toThrow('numero di porta')
  })
})
