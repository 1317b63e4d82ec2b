import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import { openBench, type SignInBench, signIn } from '#tests/support/sign-in.ts'

/** The client that next-auth brings, past its end since April 2026. */
const ofNextAuth = createRequire(createRequire(import.meta.url).resolve('next-auth'))
const retired = ofNextAuth.resolve('openid-client')

/** All that it could do with a token, a code or an answer of the bridge. */
const VALIDATING = [
  'callback',
  'oauthCallback',
  'grant',
  'userinfo',
  'revoke',
  'introspect',
  'decryptIdToken',
  'validateIdToken',
  'validateJWT',
  'validateJARM',
] as const

type Method = (...args: unknown[]) => unknown
type Retired = { Issuer: new (metadata: object) => { Client: { prototype: object } } }

let bench: SignInBench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

it('S10 a sign-in uses the retired OpenID client to start, and for no token', async () => {
  const { Issuer } = ofNextAuth('openid-client') as Retired
  const client = Object.getPrototypeOf(new Issuer({ issuer: 'https://x.example' }).Client.prototype)
  const methods = client as Record<string, Method>
  const starts = vi.spyOn(methods, 'callbackParams')
  const validates = VALIDATING.map((name) => vi.spyOn(methods, name))
  const person = { fiscalNumber: `TINIT-${demoPeople.holder.fiscalCode}` }
  expect((await signIn(bench, { person })).sessions).toBe(1)
  expect(starts).toHaveBeenCalled()
  expect(validates.filter(({ mock }) => mock.calls.length > 0)).toEqual([])
})

it('S10 the client that verifies is the supported one, and next-auth alone has the other', () => {
  const versionIn = (entry: string) => {
    const folder = entry.slice(0, entry.lastIndexOf(`openid-client${path.sep}`) + 'openid-client'.length)
    return (JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string })
      .version
  }
  expect(versionIn(createRequire(import.meta.url).resolve('openid-client'))).toMatch(/^6\./)
  expect(versionIn(retired)).toMatch(/^5\./)
})
