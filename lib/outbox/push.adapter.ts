import { lookup } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import webPush from 'web-push'
import { NotSent } from './not-sent.ts'
import { isInnerAddress } from './push.ts'

const TIMEOUT_MS = 10_000
/** The push service drops a message that it could not deliver for a day. */
const TTL_SECONDS = 24 * 60 * 60

export type PushKeys = { subject: string; publicKey: string; privateKey: string }
export type PushSubscriptionKeys = { endpoint: string; p256dh: string; auth: string }

/** Resolves a name and refuses an internal address at the moment of the call: the name may change after an earlier check. */
const publicLookup: LookupFunction = (hostname, options, callback) =>
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0)
    if (addresses.some(({ address }) => isInnerAddress(address)))
      return callback(Object.assign(new Error('leads to an inner address'), { code: 'EINNER' }), '', 0)
    if (options.all) return callback(null, addresses)
    const [first] = addresses
    callback(null, first?.address ?? '', first?.family ?? 0)
  })

/**
 * Encrypts a message for one browser and posts it to its service. No redirect is followed.
 * @throws NotSent with the service's answer, or without when there was none
 */
export async function sendPush(
  subscription: PushSubscriptionKeys,
  payload: string,
  options: { keys: PushKeys; urgent: boolean },
): Promise<void> {
  const { endpoint, p256dh, auth } = subscription
  const details = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
    vapidDetails: options.keys,
    TTL: TTL_SECONDS,
    urgency: options.urgent ? 'high' : 'normal',
    contentEncoding: 'aes128gcm',
  })
  const status = await post(new URL(endpoint), details.headers as Record<string, string>, details.body)
  if (status < 200 || status > 299)
    throw new NotSent({ responseCode: status, message: `the push service answered ${status}` })
}

function post(url: URL, headers: Record<string, string>, body: Buffer | null): Promise<number> {
  const isSecure = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    let isConnected = false
    const request = (isSecure ? httpsRequest : httpRequest)(
      url,
      { method: 'POST', headers, timeout: TIMEOUT_MS, ...(isSecure ? { lookup: publicLookup } : {}) },
      (response) => {
        response.resume()
        response.once('close', () => resolve(response.statusCode ?? 0))
      },
    )
    request.once('socket', (socket) => {
      const connected = () => {
        isConnected = true
      }
      if (!socket.connecting) connected()
      else socket.once(isSecure ? 'secureConnect' : 'connect', connected)
    })
    request.once('timeout', () => request.destroy(new Error('the push service is silent')))
    request.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new NotSent({
          message: error.message,
          textBegun: isConnected,
          ...(error.code ? { code: error.code } : {}),
        }),
      ),
    )
    request.end(body)
  })
}
