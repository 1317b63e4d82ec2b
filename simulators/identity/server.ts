import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { InteractionResult, Provider } from 'oidc-provider'
import type { SignInMethod } from '#lib/identity/claims.ts'
import type { SimulatorConfig } from './config.ts'
import { assertionFor, failures } from './outcomes.ts'
import { expiredPage, frontPage, peoplePage, styleSheet } from './pages.ts'
import { personByKey } from './people.ts'
import { accountId, createProvider } from './provider.ts'

const methodOf = (value: string | null | undefined): SignInMethod => (value === 'cie' ? 'cie' : 'spid')

/** What the tester's click means to the provider; null when the form is not one of ours. */
function resultOf(form: URLSearchParams): InteractionResult | null {
  const outcome = form.get('esito') ?? ''
  const failure = Object.hasOwn(failures, outcome) ? failures[outcome] : undefined
  if (failure) return { error: failure.error, error_description: failure.description }
  const person = personByKey(form.get('persona') ?? '')
  if (!person) return null
  const method = methodOf(form.get('metodo'))
  const { acr, amr, age } = assertionFor(person, method, outcome)
  return {
    login: {
      accountId: accountId({ person: person.key, method, variant: outcome }),
      acr,
      amr,
      ts: Math.floor(Date.now() / 1000) - age,
      remember: false,
    },
  }
}

/**
 * Lets cookies last as long as the browser: its clock may be another than ours, and an end in its past would lose the sign-in.
 * What takes a cookie away keeps its end.
 */
function withoutEnd(response: ServerResponse): void {
  const { setHeader } = response
  const endless = (cookie: string) => cookie.replace(/; expires=(?!Thu, 01 Jan 1970)[^;]*/i, '')
  response.setHeader = (name, value) => {
    const isCookie = name.toLowerCase() === 'set-cookie'
    return setHeader.call(response, name, isCookie ? [value].flat().map((one) => endless(`${one}`)) : value)
  }
}

/** Serves the provider and, in front of it, the simulator's own three pages. Listening is left to the caller. */
export function createIdentitySimulator(config: Omit<SimulatorConfig, 'port' | 'host'>): Server {
  const provider: Provider = createProvider(config)
  const protocol = provider.callback()
  const portal = new URL(config.redirectUri).origin

  const send = (
    response: ServerResponse,
    status: number,
    body: string,
    type = 'text/html; charset=utf-8',
  ) => {
    response.writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      // The people form answers with redirects that end at the portal: Chromium checks form-action on each.
      'content-security-policy': `default-src 'none'; style-src 'self'; form-action 'self' ${portal}; frame-ancestors 'none'; base-uri 'none'`,
      'x-content-type-options': 'nosniff',
    })
    response.end(body)
  }

  async function interaction(request: IncomingMessage, response: ServerResponse, url: URL) {
    const { uid, params } = await provider.interactionDetails(request, response)
    if (request.method !== 'POST') {
      return send(response, 200, peoplePage(uid, methodOf(url.searchParams.get('metodo') ?? params.idp_hint)))
    }
    const result = resultOf(new URLSearchParams(await text(request)))
    if (!result) return send(response, 400, expiredPage())
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  }

  return createServer((request, response) => {
    withoutEnd(response)
    const url = new URL(request.url ?? '/', config.issuer)
    if (url.pathname === '/') return send(response, 200, frontPage())
    if (url.pathname === '/stile.css') return send(response, 200, styleSheet, 'text/css; charset=utf-8')
    if (!url.pathname.startsWith('/accesso/')) return protocol(request, response)
    interaction(request, response, url).catch(() => send(response, 400, expiredPage()))
  })
}
