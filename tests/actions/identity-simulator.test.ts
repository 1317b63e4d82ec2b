import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import { createIdentitySimulator } from '#simulators/identity/server.ts'
import { expectOutput } from '#tests/support/console.ts'
import { testDatabase } from '#tests/support/database.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import { Browser, type Listening, listen } from '#tests/support/http.ts'
import { rsaKeys, signed } from '#tests/support/misbehaving-provider.ts'
import { clientKeys, registeredOutcomes, servePortal } from '#tests/support/sign-in.ts'

vi.mock('#lib/kernel/log.ts', () => ({ log: () => ({ warn: () => undefined, error: () => undefined }) }))

let portal: Listening
let issuer: string
let simulator: ReturnType<typeof createIdentitySimulator>

/** A free port, before the issuer's address has to be known. */
async function freePort(): Promise<number> {
  const probe = await listen(createServer())
  await probe.close()
  return Number(new URL(probe.origin).port)
}

beforeAll(async () => {
  const { ownerUrl, webUrl } = await testDatabase()
  const { file, publicJwks } = await clientKeys()
  portal = await servePortal()
  const port = await freePort()
  issuer = `http://localhost:${port}`
  // The provider warns that it keeps its tickets in memory: a simulator may.
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  simulator = createIdentitySimulator({
    issuer,
    clientId: 'refettorio',
    clientJwks: publicJwks,
    redirectUri: `${portal.origin}/api/auth/callback/bridge`,
  })
  warn.mockRestore()
  await new Promise<void>((resolve) => simulator.listen(port, resolve))
  setEnvironment({
    DATABASE_URL: ownerUrl,
    DATABASE_WEB_URL: webUrl,
    PUBLIC_ORIGIN: portal.origin,
    IDENTITY_ISSUER: issuer,
    IDENTITY_CLIENT_AUTH: 'private_key_jwt',
    IDENTITY_PRIVATE_JWKS_FILE: file,
  })
})
afterAll(async () => {
  simulator.closeAllConnections()
  simulator.close()
  await portal.close()
})

/** Follows redirects, as browsers do, until a page, or until the portal has had its last word. */
async function follow(
  browser: Browser,
  first: Response,
  from: string,
): Promise<{ url: string; response: Response }> {
  let url = from
  let response = first
  while (response.status >= 300 && response.status < 400) {
    url = new URL(response.headers.get('location') ?? '', url).href
    if (url.startsWith(portal.origin) && !url.includes('/api/')) break
    response = await browser.visit(url)
  }
  return { url, response }
}

/** From *Entra con …* to the simulator's page. */
async function reachPeople(method: 'spid' | 'cie', browser: Browser) {
  const start = `${portal.origin}/api/auth/signin/bridge`
  const pressed = await browser.visit(start, { form: { metodo: method, municipalitySlug: 'mozzecane' } })
  return follow(browser, pressed, start)
}

async function signIn(method: 'spid' | 'cie', form: Record<string, string>): Promise<string> {
  expectOutput(/oidc-provider/)
  const browser = new Browser()
  const { url } = await reachPeople(method, browser)
  const chosen = await browser.visit(url, { form: { metodo: method, ...form } })
  return (await follow(browser, chosen, url)).url.replace(portal.origin, '')
}

describe('the certified provider behind the simulator', () => {
  it.each(['spid', 'cie'] as const)('signs an invented person in with %s', async (method) => {
    expect(await signIn(method, { persona: 'holder' })).toBe('/mozzecane/accesso/non-abilitato')
    expect((await registeredOutcomes()).at(-1)).toBe('signed_in')
  })

  it('makes one citizen of SPID and CIE of the same person, under two subjects', async () => {
    await signIn('spid', { persona: 'manager' })
    await signIn('cie', { persona: 'manager' })
    const { owner } = await testDatabase()
    const links = await owner
      .selectFrom('identity_link as l')
      .innerJoin('citizen as c', 'c.id', 'l.citizen_id')
      .select(['l.subject', 'l.method', 'c.id'])
      .where('c.family_name', '=', demoPeople.manager.familyName)
      .execute()
    expect(new Set(links.map((link) => link.subject)).size).toBe(2)
    expect(new Set(links.map((link) => link.id)).size).toBe(1)
  })

  it.each([
    ['annulla', 'annullato'],
    ['tempo', 'tempo-scaduto'],
    ['consenso', 'consenso-negato'],
    ['sospesa', 'identita-sospesa'],
    ['credenziali', 'credenziali-errate'],
    ['livello', 'livello-insufficiente'],
    ['tipo', 'identita-professionale'],
    ['guasto', 'servizio-non-raggiungibile'],
    ['livello1', 'livello-insufficiente'],
    ['senzaCodice', 'codice-fiscale-mancante'],
    ['codiceErrato', 'codice-fiscale-non-valido'],
    ['estero', 'codice-fiscale-non-valido'],
    ['professionale', 'identita-professionale'],
    ['altroMetodo', 'metodo-non-ammesso'],
    ['vecchio', 'accesso-non-recente'],
  ])('offers the end “%s”, which the portal explains', async (esito, code) => {
    expect(await signIn('spid', { persona: 'holder', esito })).toBe(`/mozzecane/accesso/errore?c=${code}`)
    expect((await registeredOutcomes()).at(-1)).toBe(code)
  })

  it.each([
    ['livello3', 'holder'],
    ['senzaEmail', 'holder'],
    ['', 'omocodia'],
    ['', 'accents'],
  ])('offers the good end “%s” of %s', async (esito, persona) => {
    expect(await signIn('spid', { persona, esito })).toBe('/mozzecane/accesso/non-abilitato')
  })

  it('has a minor with SPID, who is refused', async () => {
    expect(await signIn('spid', { persona: 'minor' })).toBe('/mozzecane/accesso/errore?c=minorenne')
  })

  it('shows a page that says it is a simulation, without script or inline style', async () => {
    const { response } = await reachPeople('cie', new Browser())
    const html = await response.text()
    expect(html).toContain('<html lang="it">')
    expect(html).toContain('SIMULAZIONE')
    expect(html).toContain('Entra con CIE')
    expect(html).not.toMatch(/<script| style=/)
    expect(response.headers.get('content-security-policy')).toContain(`form-action 'self' ${portal.origin}`)
  })

  it('takes no request without PKCE', async () => {
    expectOutput(/oidc-provider/)
    const query = new URLSearchParams({
      client_id: 'refettorio',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${portal.origin}/api/auth/callback/bridge`,
      state: 's',
      nonce: 'n',
    })
    const response = await new Browser().visit(`${issuer}/auth?${query}`)
    expect(response.headers.get('location')).toMatch(/error=invalid_request/)
  })

  it('N25 takes no code from a client that cannot sign as the portal', async () => {
    expectOutput(/oidc-provider/)
    const impostor = rsaKeys('portal-1')
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: 'refettorio', sub: 'refettorio', aud: issuer, jti: 'x', iat: now, exp: now + 60 }
    const assertion = await signed(claims, impostor.privateKey, { alg: 'RS256', kid: 'portal-1' })
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: 'x',
        client_id: 'refettorio',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    })
    expect(response.status).toBe(401)
  })

  it('answers a stale or foreign form with a page, not with a fault', async () => {
    const { url } = await reachPeople('spid', new Browser())
    const response = await new Browser().visit(url, { form: { persona: 'holder' } })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('Accesso scaduto')
  })
})
