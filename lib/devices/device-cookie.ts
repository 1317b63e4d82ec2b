import { createHash, createHmac, randomBytes } from 'node:crypto'

/**
 * The two halves of the cookie of a remembered device, 256 bits each: the series names the device and stays, the
 * secret changes at every unlock.
 */
export type DeviceCookie = { series: string; secret: string }

const SHAPE = /^([\w-]{43})\.([\w-]{43})$/
const SECONDS_PER_DAY = 86_400

export const DEVICE_COOKIE = '__Host-refettorio-dispositivo'

const newHalf = (): string => randomBytes(32).toString('base64url')

export const newDeviceCookie = (): DeviceCookie => ({ series: newHalf(), secret: newHalf() })

/** The cookie of a request; null for a missing one and for what is not ours. */
export function readDeviceCookie(value: string | undefined): DeviceCookie | null {
  const [, series, secret] = SHAPE.exec(value ?? '') ?? []
  return series && secret ? { series, secret } : null
}

export const deviceCookieValue = ({ series, secret }: DeviceCookie): string => `${series}.${secret}`

/** In the shape that Next's cookie jar takes. */
export const deviceCookieOptions = (days: number) =>
  ({ httpOnly: true, secure: true, sameSite: 'lax', path: '/', maxAge: days * SECONDS_PER_DAY }) as const

/** The header that gives a browser its cookie. */
export const deviceCookieHeader = (cookie: DeviceCookie, days: number): string =>
  `${DEVICE_COOKIE}=${deviceCookieValue(cookie)}; Path=/; Max-Age=${days * SECONDS_PER_DAY}; HttpOnly; Secure; SameSite=Lax`

/** The hash of either half that the database keeps. */
export const hashHalf = (half: string): Buffer => createHash('sha256').update(half).digest()

/**
 * The secret that follows another. It is computed, so that a browser whose answer got lost asks again and gets the
 * same one, also when two tabs ask together; without the pepper it cannot be computed.
 */
export const nextSecret = (secret: string, pepper: string): string =>
  createHmac('sha256', Buffer.from(pepper, 'base64'))
    .update(`refettorio:device-secret:${secret}`)
    .digest('base64url')
