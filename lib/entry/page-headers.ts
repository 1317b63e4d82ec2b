import { randomBytes } from 'node:crypto'
import { CONTENT_KINDS } from '#lib/content/content.ts'
import type { Env } from '#lib/kernel/env.ts'
import { PATH_HEADER } from '#lib/kernel/request-path.ts'
import { contentSecurityPolicy, FILE_POLICY, securityHeaders } from '#lib/web/security-headers.ts'

type Settings = Pick<
  Env,
  | 'BASE_DOMAIN'
  | 'FORM_ACTION_ORIGINS'
  | 'IDENTITY_ISSUER'
  | 'NODE_ENV'
  | 'PAYMENTS_BASE_URL'
  | 'PUBLIC_ORIGIN'
>
type Headers = Readonly<Record<string, string>>

/**
 * The header by which the web server tells Next that a request has its headers: `proxy.ts` is not called for it (its matcher).
 * The web server takes it from every request that comes with it.
 */
export const READY_HEADER = 'x-refettorio-ready'

/**
 * Whether a page refreshes itself: links load whole pages (docs/decisions/0016), so only such a page asks Next for a payload alone.
 */
export const isAutomatic = ({ method, rsc }: { method: string; rsc: unknown }): boolean =>
  method === 'GET' && rsc !== undefined

/** A page of a news item or a document: municipality, folder, item. */
export const CONTENT_PATH = new RegExp(
  `^/([a-z0-9-]+)/(${Object.values(CONTENT_KINDS)
    .map((kind) => kind.path)
    .join('|')})/([a-z0-9-]+)/?$`,
)

const FILE_PATH = /^\/([a-z0-9-]+\/allegati|api\/[a-z0-9-]+\/moduli\/documenti)\//

const originOf = (url: string): string => new URL(url).origin

/**
 * The headers of one request and of its answer, with a nonce of its own.
 * @param path of the page that is drawn, with its query
 * @returns `asked`, which Next and the page read; `answered`, which the browser reads
 */
export function pageHeaders(path: string, settings: Settings): { asked: Headers; answered: Headers } {
  const { FORM_ACTION_ORIGINS, IDENTITY_ISSUER, NODE_ENV, PAYMENTS_BASE_URL, PUBLIC_ORIGIN } = settings
  const policy = contentSecurityPolicy({
    nonce: randomBytes(16).toString('base64'),
    formOrigins: [originOf(IDENTITY_ISSUER), originOf(PAYMENTS_BASE_URL), ...FORM_ACTION_ORIGINS],
    development: NODE_ENV === 'development',
  })
  return {
    // Next reads the nonce from the request's policy and stamps its own scripts with it.
    asked: { 'content-security-policy': policy, [PATH_HEADER]: path },
    answered: {
      'content-security-policy': FILE_PATH.test(path) ? FILE_POLICY : policy,
      ...securityHeaders({ https: PUBLIC_ORIGIN.startsWith('https:') }),
    },
  }
}

/** Letters, digits and what needs no decoding: an address that Next and we read alike. */
const PLAIN = /^\/[\w/-]*(?:\?[\w=&-]*)?$/

/** What `proxy.ts` reads in a query: the choice of a language, and Next's own mark of a payload without a page. */
const READ_BY_PROXY = /[?&](?:lingua|_rsc)\b/

/**
 * Whether all that `proxy.ts` would do for a request is set its headers. It is so at the one public host, but for the choice of
 * a language, for news and documents that may be gone, and for addresses that are not plain.
 */
export function needsOnlyHeaders(
  { host, path }: { host: string | undefined; path: string },
  { BASE_DOMAIN, PUBLIC_ORIGIN }: Pick<Settings, 'BASE_DOMAIN' | 'PUBLIC_ORIGIN'>,
): boolean {
  if (BASE_DOMAIN !== undefined && host !== new URL(PUBLIC_ORIGIN).host) return false
  if (!PLAIN.test(path) || path.includes('//') || path.startsWith('/_next')) return false
  return !READ_BY_PROXY.test(path) && !CONTENT_PATH.test(path.split('?')[0] as string)
}
