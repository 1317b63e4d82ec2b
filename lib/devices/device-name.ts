import { phrase, type Words } from '#lib/words/language.ts'

/** Tried in order: Edge, Opera and Samsung also say Chrome, and Chrome also says Safari. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'Chromebook'],
  [/\bLinux\b/, 'Linux'],
]

const first = (list: readonly (readonly [RegExp, string])[], text: string): string | undefined =>
  list.find(([pattern]) => pattern.test(text))?.[1]

/** The name of a device in a family's list: "Chrome su Android", from the browser's User-Agent. */
export function deviceName(userAgent: string | null | undefined): string {
  const browser = first(BROWSERS, userAgent ?? '')
  const system = first(SYSTEMS, userAgent ?? '')
  if (browser && system) return `${browser} su ${system}`
  return browser ?? system ?? UNKNOWN
}

const UNKNOWN = phrase('Dispositivo sconosciuto')

/** A name that was kept, as a language says it: "Chrome on Android". Names of browsers and systems are names. */
export function deviceInWords(name: string, t: Words): string {
  const parts = name.split(' su ')
  const [system, browser] = [parts.pop(), parts.join(' su ')]
  if (browser && system) return t('{browser} su {system}', { browser, system })
  return name === UNKNOWN ? t(UNKNOWN) : name
}
