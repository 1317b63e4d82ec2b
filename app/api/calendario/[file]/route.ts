import { feedOf } from '#lib/feeds/feed.queries.ts'
import { rateLimit } from '#lib/kernel/limits.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { LANGUAGES } from '#lib/words/language.ts'

/** A phone asks every quarter of an hour at most; so many requests in an hour leave room for several devices. */
const REQUESTS_AN_HOUR = 60
const takeRequest = rateLimit(REQUESTS_AN_HOUR, 3_600_000)

const PRIVATE = {
  'cache-control': 'private, max-age=900',
  'x-robots-tag': 'noindex',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** A phone sends no cookie, and the reader is not looked up any more: it is said in each language. */
const tooManyRequests = (): string =>
  LANGUAGES.map(wordsIn)
    .map((t) => t('Troppe richieste: riprova più tardi.'))
    .join('\n')

const missing = () =>
  new Response(null, { status: 404, headers: { ...PRIVATE, 'cache-control': 'private, no-store' } })

/**
 * A child's calendar for the phone's own. A caller with the secret address reads days and dishes, and nothing else: it is no
 * session, and cookies are not looked at. Unchanged since the last request: 304.
 */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ file: string }> },
): Promise<Response> {
  const token = /^([\w-]{43})\.ics$/.exec((await params).file)?.[1]
  if (!token) return missing()
  if (!takeRequest(token))
    return new Response(tooManyRequests(), {
      status: 429,
      headers: { ...PRIVATE, 'retry-after': '900', 'content-type': 'text/plain; charset=utf-8' },
    })
  const feed = await feedOf(token)
  if (!feed) return missing()
  const headers = { ...PRIVATE, etag: feed.etag }
  const known = (request.headers.get('if-none-match') ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
  if (known.includes(feed.etag)) return new Response(null, { status: 304, headers })
  return new Response(feed.text, {
    headers: {
      ...headers,
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': 'inline; filename="mensa.ics"',
    },
  })
}
