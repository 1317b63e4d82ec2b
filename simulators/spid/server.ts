import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { personByKey } from '#simulators/identity/people.ts'
import { CASES, type Keys } from './cases.ts'
import type { SpidSimulatorConfig } from './config.ts'
import { answerPage, choicePage, refusedPage, styleSheet } from './pages.ts'
import { encodedAnswer, metadataXml, newSigningKey, valuesFor } from './provider.ts'
import { type Request, readPost, readRedirect } from './requests.ts'

/**
 * A SAML identity provider on its own: its metadata, its sign-on by both bindings, and a button for every case of AgID’s list.
 * Listening is left to the caller.
 */
export function createSpidSimulator({ origin, service }: Omit<SpidSimulatorConfig, 'port' | 'host'>): Server {
  const signOn = `${origin}/sso`
  const own = newSigningKey(origin, new Date())
  const metadata = metadataXml(origin, signOn, [own.certificate])
  const keys: Keys = { own, other: newSigningKey(origin, new Date()), metadata }

  const send = (response: ServerResponse, status: number, body: string, type = 'text/html') => {
    response.writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'self'; form-action 'self' ${new URL(service.assertionConsumer).origin}; frame-ancestors 'none'; base-uri 'none'`,
      'x-content-type-options': 'nosniff',
    })
    response.end(body)
  }

  const asked = (response: ServerResponse, request: Request | { wrong: readonly string[] }) =>
    'wrong' in request
      ? send(response, 400, refusedPage(request.wrong))
      : send(response, 200, choicePage(request))

  function answered(response: ServerResponse, form: URLSearchParams) {
    const one = CASES.find(({ number }) => number === form.get('caso'))
    const level = Number(form.get('livello'))
    const person = personByKey(form.get('persona') ?? '')
    if (!one || !person || (level !== 1 && level !== 2 && level !== 3))
      return send(response, 400, refusedPage(['caso, persona o livello']))
    const request = { id: form.get('richiesta') ?? '', level } as const
    const values = valuesFor(origin, service, request, Date.now(), person)
    const answer = encodedAnswer(values, one, keys)
    return send(response, 200, answerPage(service.assertionConsumer, answer, form.get('stato') ?? ''))
  }

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', origin)
    const form = request.method === 'POST' ? new URLSearchParams(await text(request)) : null
    if (url.pathname === '/metadata') return send(response, 200, metadata, 'application/samlmetadata+xml')
    if (url.pathname === '/stile.css') return send(response, 200, styleSheet, 'text/css')
    if (url.pathname === '/risposta' && form) return answered(response, form)
    if (url.pathname === '/sso' && form) return asked(response, readPost(form, service, signOn))
    if (url.pathname === '/sso') return asked(response, readRedirect(url.search.slice(1), service, signOn))
    return send(response, 404, refusedPage(['indirizzo sconosciuto']))
  }

  return createServer((request, response) => {
    serve(request, response).catch((error: Error) => send(response, 400, refusedPage([error.message])))
  })
}
