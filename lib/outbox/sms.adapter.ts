import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { env } from '#lib/kernel/env.ts'
import { NotSent } from './not-sent.ts'
import { inSmsAlphabet } from './sms.ts'

/** Time-out of the whole call: connection, TLS, answer. */
const TIMEOUT_MS = 15_000

export type SmsGateway = { url: URL; token: string; sender: string }

/** The gateway of the configuration; its token is read each time, so that a changed file counts immediately. */
export function smsGateway(): SmsGateway {
  const { SMS_GATEWAY_URL, SMS_GATEWAY_TOKEN, SMS_GATEWAY_TOKEN_FILE, SMS_SENDER } = env()
  return {
    url: new URL(SMS_GATEWAY_URL ?? ''),
    token: SMS_GATEWAY_TOKEN ?? readFileSync(SMS_GATEWAY_TOKEN_FILE ?? '', 'utf8').trim(),
    sender: SMS_SENDER ?? '',
  }
}

/**
 * Hands one text to the gateway (the protocol is in docs/operations.md). No redirect is followed, and a line is never used
 * twice: whether anything left is then certain.
 * @param message.id the same for every attempt of one text: the gateway takes it once
 * @throws NotSent
 */
export async function sendSms(
  { url, token, sender }: SmsGateway,
  message: { id: string; to: string; text: string },
): Promise<void> {
  const body = JSON.stringify({ to: message.to, from: sender, text: inSmsAlphabet(message.text) })
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'idempotency-key': message.id,
  }
  const status = await post(url, headers, body)
  if (status < 200 || status > 299)
    throw new NotSent({ responseCode: status, message: `the gateway answered ${status}` })
}

function post(url: URL, headers: Record<string, string>, body: string): Promise<number> {
  const isSecure = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    let textBegun = false
    const request = (isSecure ? httpsRequest : httpRequest)(
      url,
      { method: 'POST', headers, agent: false },
      (response) => {
        clearTimeout(patience)
        resolve(response.statusCode ?? 0)
        response.on('error', () => undefined)
        // The status is the whole answer of the protocol; the body is not read.
        response.destroy()
      },
    )
    const patience = setTimeout(() => request.destroy(new Error('the gateway is silent')), TIMEOUT_MS)
    request.once('socket', (socket) =>
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        textBegun = true
      }),
    )
    request.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(patience)
      reject(
        new NotSent({
          message: error.message,
          textBegun,
          ...(error.code ? { code: error.code } : {}),
        }),
      )
    })
    request.end(body)
  })
}
