import 'server-only'
import { cookies, headers } from 'next/headers'
import { LIFE_DAYS } from '#lib/devices/device.ts'
import {
  DEVICE_COOKIE,
  type DeviceCookie,
  deviceCookieOptions,
  deviceCookieValue,
  readDeviceCookie,
} from '#lib/devices/device-cookie.ts'
import { deviceName } from '#lib/devices/device-name.ts'

/** The cookie of a browser that hides the offer *Salva credenziali* for a while. */
export const NOT_NOW_COOKIE = '__Host-refettorio-non-ora'

export type ThisBrowser = { cookie: DeviceCookie | null; name: string; saidNotNow: boolean }

/** What is known of the browser of this request: its device cookie and its wish not to be asked. */
export async function thisBrowser(): Promise<ThisBrowser> {
  const [jar, sent] = await Promise.all([cookies(), headers()])
  return {
    cookie: readDeviceCookie(jar.get(DEVICE_COOKIE)?.value),
    name: deviceName(sent.get('user-agent')),
    saidNotNow: jar.has(NOT_NOW_COOKIE),
  }
}

/** Gives this browser the cookie of its device; only a server action can. */
export async function keepDeviceCookie(cookie: DeviceCookie): Promise<void> {
  const jar = await cookies()
  jar.set(DEVICE_COOKIE, deviceCookieValue(cookie), deviceCookieOptions(LIFE_DAYS))
}
