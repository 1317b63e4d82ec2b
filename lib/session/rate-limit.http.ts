import { nonceIn } from '#lib/web/security-headers.ts'
import { wordsNamed } from '#lib/words/catalogues.adapter.ts'
import { directionOf, plural } from '#lib/words/language.ts'
import { LANGUAGE_COOKIE } from '#lib/words/language-cookie.ts'
import { readCookies } from './session.queries.ts'

const STYLE = `body{font:1.125rem/1.5 "Titillium Web",system-ui,sans-serif;color:#17324d;background:#f5f6f8;margin:0}
main{max-width:34rem;margin:12vh auto;padding:2rem;background:#fff;border-radius:.5rem}
h1{font-size:1.75rem;line-height:1.2;margin-top:0}a{color:#0059b3}`

/** The page for too many attempts: what happened, that nothing is lost, when to come back. */
export function tooManyAttempts(request: Request, seconds: number): Response {
  const t = wordsNamed(readCookies(request.headers.get('cookie'))[LANGUAGE_COOKIE])
  const title = t('Troppi tentativi di accesso')
  const again = t(plural('Riprova fra {n} minuto.', 'Riprova fra {n} minuti.'), {
    n: Math.ceil(seconds / 60),
  })
  const body = `<!doctype html><html lang="${t.language}" dir="${directionOf(t.language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style nonce="${nonceIn(request.headers.get('content-security-policy'))}">${STYLE}</style></head>
<body><main><h1>${title}</h1><p>${t('Da questa rete sono arrivati troppi tentativi in poco tempo. Per sicurezza ci fermiamo un momento.')}</p>
<p><strong>${again}</strong> ${t('I tuoi dati sono al sicuro e niente è cambiato. Se usi la rete della scuola o dell’ufficio, puoi provare anche con la rete del telefono.')}</p>
<p><a href="/">${t('Torna alla prima pagina')}</a></p></main></body></html>`
  return new Response(body, {
    status: 429,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': String(seconds),
    },
  })
}
