import { createServer } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Diagnosis } from '#lib/identity/doctor.ts'
import { env } from '#lib/kernel/env.ts'
import { examine } from '#scripts/identity-doctor.ts'
import { createIdentitySimulator } from '#simulators/identity/server.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import { listen } from '#tests/support/http.ts'
import { clientKeys } from '#tests/support/sign-in.ts'

const PORTAL = 'http://localhost:65001'

let simulator: ReturnType<typeof createIdentitySimulator>
let settings: Record<string, string>

beforeAll(async () => {
  const { file, publicJwks } = await clientKeys()
  const probe = await listen(createServer())
  await probe.close()
  const port = Number(new URL(probe.origin).port)
  const issuer = `http://localhost:${port}`
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  simulator = createIdentitySimulator({
    issuer,
    clientId: 'refettorio',
    clientJwks: publicJwks,
    redirectUri: `${PORTAL}/api/auth/callback/bridge`,
  })
  warn.mockRestore()
  await new Promise<void>((resolve) => simulator.listen(port, resolve))
  settings = {
    PUBLIC_ORIGIN: PORTAL,
    IDENTITY_ISSUER: issuer,
    IDENTITY_CLIENT_AUTH: 'private_key_jwt',
    IDENTITY_PRIVATE_JWKS_FILE: file,
  }
})
beforeEach(() => setEnvironment(settings))
afterAll(() => {
  simulator.closeAllConnections()
  simulator.close()
})

const wrong = (findings: Diagnosis[]): string[] =>
  findings.filter(({ verdict }) => verdict === 'bad').map(({ words }) => words)

describe('the doctor in front of a certified provider', () => {
  it('finds nothing wrong, knows that the portal is known, and hands over no private key', async () => {
    const { findings, handOver } = await examine(env())
    expect(wrong(findings)).toEqual([])
    const fine = findings.filter(({ verdict }) => verdict === 'good').map(({ words }) => words)
    expect(fine.join('\n')).toContain('Il ponte riconosce il portale')
    expect(fine.join('\n')).toContain('il suo indirizzo di ritorno')
    expect(handOver).not.toHaveProperty('d')
  })

  it('says that the return address is not registered', async () => {
    setEnvironment({ ...settings, PUBLIC_ORIGIN: 'http://localhost:65002' })
    expect(wrong((await examine(env())).findings).join('\n')).toMatch(/indirizzo di ritorno.*65002/)
  })

  it('says that the key is not the registered one', async () => {
    const { file } = await clientKeys()
    setEnvironment({ ...settings, IDENTITY_PRIVATE_JWKS_FILE: file })
    expect(wrong((await examine(env())).findings).join('\n')).toMatch(/rifiuta la prova di identità/)
  })

  it('says that the issuer has a slash too many, or that it does not answer', async () => {
    setEnvironment({ ...settings, IDENTITY_ISSUER: `${settings.IDENTITY_ISSUER}/` })
    expect(wrong((await examine(env())).findings).join('\n')).toMatch(/barra finale/)
    setEnvironment({ ...settings, IDENTITY_ISSUER: 'http://localhost:1' })
    expect(wrong((await examine(env())).findings)[0]).toMatch(/non si legge/)
  })
})
