import { BlockList, isIP } from 'node:net'
import { directionOf, type Language } from '#lib/words/language.ts'
import type { SendFailure } from './retry.ts'

const INNER = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  INNER.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  INNER.addSubnet(network, bits, 'ipv6')

/** An address that no public service has: of this machine, of a private network, or in a notation that hides one. */
export function isInnerAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return INNER.check(mapped, 'ipv4')
  const kind = isIP(address)
  return kind === 0 || INNER.check(address, kind === 6 ? 'ipv6' : 'ipv4')
}

/**
 * The declarative message: Safari shows it without running anything of ours, other browsers through our service worker.
 * It carries nothing that is not on the lock screen, and leads to our own origin only.
 */
export const pushPayload = (message: {
  title: string
  text: string
  language: Language
  url: string
  tag: string
}): string =>
  JSON.stringify({
    web_push: 8030,
    notification: {
      title: message.title,
      body: message.text,
      navigate: message.url,
      tag: message.tag,
      lang: message.language,
      dir: directionOf(message.language),
    },
  })

const GONE = [404, 410]

/** The push service has ended this subscription. */
export const isGone = ({ responseCode = 0 }: SendFailure): boolean => GONE.includes(responseCode)
