import 'server-only'
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import { env } from '#lib/kernel/env.ts'
import { CLIENT_ADDRESS_HEADER } from '#lib/web/client-address.ts'
import { nonceIn } from '#lib/web/security-headers.ts'

/** The kinds of attempt; each has its own count. */
export type AttemptKind = 'sign-in' | 'callback' | 'unlock' | 'renewal'

const WINDOW_SECONDS = 600

/**
 * Counts an attempt of the address that a request comes from, for all web processes together.
 * A whole school behind one address stays below the limit; a program that retries without end does not.
 * @returns 0, or after how many seconds to try again
 */
export async function secondsToWait(request: Request, kind: AttemptKind): Promise<number> {
  const { NEXTAUTH_SECRET, SIGN_IN_LIMIT } = env()
  const address = request.headers.get(CLIENT_ADDRESS_HEADER) ?? ''
  const key = createHmac('sha256', NEXTAUTH_SECRET).update(`attempt ${kind} ${address}`).digest()
  const { rows } = await sql<{ wait: number }>`
    select take_attempt(${key}, ${WINDOW_SECONDS}, ${SIGN_IN_LIMIT}) as wait`.execute(database())
  return rows[0]?.wait ?? 0
}

const STYLE = `body{font:1.125rem/1.5 "Titillium Web",system-ui,sans-serif;color:#17324d;background:#f5f6f8;margin:0}
main{max-width:34rem;margin:12vh auto;padding:2rem;background:#fff;border-radius:.5rem}
h1{font-size:1.75rem;line-height:1.2;margin-top:0}a{color:#0059b3}`

/** The page for too many attempts: what happened, that nothing is lost, when to come back. */
export function tooManyAttempts(request: Request, seconds: number): Response {
  const minutes = Math.ceil(seconds / 60)
  const wait = minutes === 1 ? 'un minuto' : `${minutes} minuti`
  const body = `<!doctype html><html lang="it"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Troppi tentativi di accesso</title><style nonce="${nonceIn(request.headers.get('content-security-policy'))}">${STYLE}</style></head>
<body><main><h1>Troppi tentativi di accesso</h1><p>Da questa rete sono arrivati troppi tentativi in poco tempo. Per sicurezza ci fermiamo un momento.</p>
<p><strong>Riprova fra ${wait}.</strong> I tuoi dati sono al sicuro e niente è cambiato. Se usi la rete della scuola o dell’ufficio, puoi provare anche con la rete del telefono.</p>
<p><a href="/">Torna alla prima pagina</a></p></main></body></html>`
  return new Response(body, {
    status: 429,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': String(seconds),
    },
  })
}
