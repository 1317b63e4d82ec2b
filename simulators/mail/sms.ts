import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text as readText } from 'node:stream/consumers'

/** A text as the pages and the tests see it. */
export type Sms = {
  /** What the sender calls it: the same for every attempt of one text. */
  key: string
  receivedAt: string
  to: string
  from: string
  text: string
  /** How often it was handed over; it is taken once. */
  times: number
}

/** Everything that can go wrong with a gateway, with the sentences of its page. The first is the ordinary behaviour. */
export const SMS_FAULTS = {
  normal: 'regolare',
  refusedNumber: 'rifiuta il numero (422)',
  unauthorized: 'non riconosce il portale (401)',
  busy: 'occupato, non prende niente (503)',
  tooMany: 'troppi messaggi (429)',
  errorAfterTaking: 'prende il messaggio e risponde con un errore (500)',
  hangUp: 'cade la linea prima di prenderlo',
  hangUpAfterTaking: 'prende il messaggio e cade la linea',
  silentAfterTaking: 'prende il messaggio e non risponde mai',
} as const
export type SmsFault = keyof typeof SMS_FAULTS

const ANSWERS: Partial<Record<SmsFault, number>> = {
  refusedNumber: 422,
  unauthorized: 401,
  busy: 503,
  tooMany: 429,
}

const MOST_KEPT = 500
const LONGEST_BODY = 10_000
const NUMBER = /^\+[1-9]\d{6,14}$/

type Message = { to: string; from: string; text: string }

/** The message in a request; null when it is not one of the protocol. */
function messageIn(body: string): Message | null {
  try {
    const { to, from, text } = JSON.parse(body) as Record<string, unknown>
    if (typeof to !== 'string' || typeof from !== 'string' || typeof text !== 'string') return null
    return NUMBER.test(to) && from && text ? { to, from, text } : null
  } catch {
    return null
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/**
 * A gateway for text messages that speaks the protocol of docs/operations.md and delivers nothing.
 * @param token who may hand texts over
 */
export function openSmsInbox(token: string) {
  let texts: Sms[] = []
  let fault: SmsFault = 'normal'

  function take(key: string, message: Message): void {
    const known = texts.find((text) => text.key === key)
    if (known) known.times += 1
    else
      texts = [{ key, receivedAt: new Date().toISOString(), ...message, times: 1 }, ...texts].slice(
        0,
        MOST_KEPT,
      )
  }

  /** The status of the answer; null where none is given. */
  function answerTo(request: IncomingMessage, body: string): number | 'hang up' | null {
    if (request.method !== 'POST') return 405
    if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) return 401
    const key = request.headers['idempotency-key']
    const message = messageIn(body)
    if (!message || typeof key !== 'string' || !key) return 400
    if (fault === 'hangUp') return 'hang up'
    const refusal = ANSWERS[fault]
    if (refusal) return refusal
    take(key, message)
    if (fault === 'errorAfterTaking') return 500
    if (fault === 'hangUpAfterTaking') return 'hang up'
    return fault === 'silentAfterTaking' ? null : 202
  }

  return {
    async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const body = await readText(request).catch(() => '')
      const status = body.length > LONGEST_BODY ? 413 : answerTo(request, body)
      if (status === 'hang up') request.socket.destroy()
      else if (status !== null)
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ status }))
    },
    /** Switches to the fault that a form names. @returns false when there is none of that name */
    async change(request: IncomingMessage): Promise<boolean> {
      const wanted = new URLSearchParams(await readText(request)).get('guasto') ?? ''
      if (!Object.hasOwn(SMS_FAULTS, wanted)) return false
      fault = wanted as SmsFault
      return true
    },
    behave: (wanted: SmsFault): void => {
      fault = wanted
    },
    fault: (): SmsFault => fault,
    all: (): readonly Sms[] => texts,
    clear: (): void => {
      texts = []
    },
  }
}

export type SmsInbox = ReturnType<typeof openSmsInbox>
