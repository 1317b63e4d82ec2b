import { describe, expect, test } from 'vitest'
import { deviceStanding, type Presented } from '#lib/devices/device.ts'
import {
  deviceCookieValue,
  newDeviceCookie,
  nextSecret,
  readDeviceCookie,
} from '#lib/devices/device-cookie.ts'

const DAY = 86_400
const device: Presented = {
  revoked: false,
  idleSeconds: 0,
  ageSeconds: 0,
  secret: 'current',
  failures: 0,
}

describe('a browser with a device’s cookie', () => {
  test.each<[string, Partial<Presented>, ReturnType<typeof deviceStanding>]>([
    ['the device as it was left', {}, 'open'],
    ['an answer that got lost is asked for again', { secret: 'just-replaced' }, 'open'],
    ['a cookie that somebody copied', { secret: 'old' }, 'copied'],
    ['after four wrong sequences', { failures: 4 }, 'open'],
    ['after five', { failures: 5 }, 'closed'],
    ['after it was forgotten', { revoked: true }, 'closed'],
    ['forgotten, then shown with an old secret', { revoked: true, secret: 'old' }, 'closed'],
    ['a second before 90 days without use', { idleSeconds: 90 * DAY - 1 }, 'open'],
    ['after 90 days without use', { idleSeconds: 90 * DAY }, 'idle'],
    ['a second before a year from the sign-in', { ageSeconds: 365 * DAY - 1 }, 'open'],
    ['a year after the sign-in, however used', { ageSeconds: 365 * DAY }, 'idle'],
  ])('%s', (_, change, expected) => {
    expect(deviceStanding({ ...device, ...change })).toBe(expected)
  })
})

describe('the cookie of a remembered device', () => {
  const cookie = newDeviceCookie()
  test('is read as it was written', () => {
    expect(readDeviceCookie(deviceCookieValue(cookie))).toEqual(cookie)
  })

  test.each([
    ['none', undefined],
    ['one half', cookie.series],
    ['three halves', `${deviceCookieValue(cookie)}.${cookie.series}`],
    ['a half too short', `${cookie.series}.${cookie.secret.slice(1)}`],
    ['foreign letters', `${cookie.series}.${cookie.secret.slice(1)}=`],
  ])('%s is of no device', (_, value) => {
    expect(readDeviceCookie(value)).toBeNull()
  })

  test('has the same next secret for a browser that asks twice, and none without the pepper', () => {
    const [pepper, another] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map((key) => key.toString('base64'))
    const next = nextSecret(cookie.secret, pepper as string)
    expect(nextSecret(cookie.secret, pepper as string)).toBe(next)
    expect(nextSecret(cookie.secret, another as string)).not.toBe(next)
    expect(nextSecret(next, pepper as string)).not.toBe(next)
    expect(readDeviceCookie(`${cookie.series}.${next}`)).not.toBeNull()
  })
})
