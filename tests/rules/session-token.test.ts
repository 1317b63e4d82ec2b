import { encode } from 'next-auth/jwt'
import { describe, expect, test } from 'vitest'
import { openSessionCookie } from '#lib/session/session.queries.ts'
import { newSessionToken } from '#lib/session/session-token.adapter.ts'

const SECRET = 'only-for-tests-only-for-tests-only-for-tests'
const HOUR = 3_600

const token = newSessionToken()
const sealed = (claims: Record<string, unknown> = { sid: token }, maxAge = HOUR, secret = SECRET) =>
  encode({ token: claims, secret, maxAge })

/** A cookie with one of its five parts made into something else. */
async function altered(part: number, change: (text: string) => string): Promise<string> {
  const parts = (await sealed()).split('.')
  parts[part] = change(parts[part] as string)
  return parts.join('.')
}

const flipped = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1)
const header = (fields: object) => () => Buffer.from(JSON.stringify(fields)).toString('base64url')

describe('the session’s cookie', () => {
  test('opens what next-auth sealed', async () => {
    expect(await openSessionCookie(await sealed(), SECRET)).toBe(token)
  })

  test.each<[string, () => Promise<string | undefined>]>([
    ['none', async () => undefined],
    ['nothing', async () => ''],
    ['nonsense', async () => 'a.b.c.d.e'],
    ['one of another installation', () => sealed({ sid: token }, HOUR, `${SECRET}!`)],
    [
      'one that next-auth sealed for something else',
      () => encode({ token: { sid: token }, secret: SECRET, maxAge: HOUR, salt: 'state' }),
    ],
    ['one that has had its time', () => sealed({ sid: token }, -16)],
    ['one without a secret', () => sealed({})],
    ['one whose secret is none', () => sealed({ sid: 'x'.repeat(42) })],
    ['another header', () => altered(0, flipped)],
    ['another algorithm', () => altered(0, header({ alg: 'none', enc: 'A256GCM' }))],
    ['another encryption', () => altered(0, header({ alg: 'dir', enc: 'A128CBC-HS256' }))],
    ['a wrapped key', () => altered(1, () => 'AAAA')],
    ['another vector', () => altered(2, flipped)],
    ['another text', () => altered(3, flipped)],
    ['another tag', () => altered(4, flipped)],
    ['a shortened tag', () => altered(4, (tag) => tag.slice(0, 6))],
    ['no tag', () => altered(4, () => '')],
    ['a sixth part', async () => `${await sealed()}.AAAA`],
  ])('%s opens nothing', async (_what, cookie) => {
    expect(await openSessionCookie(await cookie(), SECRET)).toBeNull()
  })
})
