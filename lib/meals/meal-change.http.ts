import 'server-only'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { z } from 'zod'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { safeReturnPath, signInPath } from '#lib/access/return-path.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { BUDGETS } from '#lib/kernel/budgets.ts'
import { daysBetween } from '#lib/kernel/day.ts'
import type { Env } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { loggedPath } from '#lib/kernel/logged-path.ts'
import { type Result, refused } from '#lib/kernel/result.ts'
import { fromOurPages, readCookies, readerWith, viewerWith } from '#lib/session/session.queries.ts'
import { failureOf } from '#lib/web/failure.adapter.ts'
import { failureHeaders, failureJson, failurePage } from '#lib/web/failure.ts'
import { routeOfHost } from '#lib/web/host-address.ts'
import { plainPage } from '#lib/web/plain-page.ts'
import { FILE_POLICY, securityHeaders } from '#lib/web/security-headers.ts'
import { wordsNamed } from '#lib/words/catalogues.adapter.ts'
import type { Words } from '#lib/words/language.ts'
import { LANGUAGE_COOKIE } from '#lib/words/language-cookie.ts'
import { type BatchRequest, MOST_DAYS, MOST_PUPILS } from './cutoff.ts'
import { ALL_CHILDREN, calendarPath, isEater, readCalendarAddress, receiptPath } from './meal.address.ts'
import { changeMeals } from './meal-change.commands.ts'
import { changeFields, type RawBatch } from './meal-change.input.ts'
import { type MealRefusal, mealRefusalInWords, type SaidMealRefusal } from './meal-change.refusals.ts'
import { answerOf } from './meal-change.words.ts'
import { readMonthPage } from './month.queries.ts'
import { MOST_REPLACED, monthView } from './month-view.ts'

/**
 * A child's month and its changes, at an address that never changes: a page opened before a deploy, a form without
 * JavaScript and the installed app all find it. It is what a municipality asks for between 9:20 and 9:30, so the web server
 * asks it before Next, whose work around a route costs more than the whole cancellation (docs/decisions/0039).
 */
const ADDRESS = /^\/api\/([a-z][a-z0-9-]{1,62})\/prenotazioni(?:\?([^#]*))?$/
const METHODS = 'GET, HEAD, POST'

type Settings = Pick<Env, 'PUBLIC_ORIGIN' | 'BASE_DOMAIN' | 'NEXTAUTH_SECRET' | 'SESSION_IDLE_MINUTES'>

type MealsRequest = {
  municipalitySlug: string
  query: URLSearchParams
  header(name: string): string | null
  /** The body; null when it is longer than so many bytes. */
  body(mostBytes: number): Promise<Body | null>
  cookies: Readonly<Record<string, string>>
}

/** A body as text, and when its last byte was read, on the clock of this process that only runs forward. */
type Body = { text: string; readAt: number }

type MealsAnswer = { status: number; headers: Readonly<Record<string, string>>; body: string }

/** Answers the calendar's address; every other request goes on to `next`. */
export function mealsBefore(next: RequestListener, settings: Settings): RequestListener {
  const { PUBLIC_ORIGIN: publicOrigin, BASE_DOMAIN: baseDomain } = settings
  const publicHost = new URL(publicOrigin).host
  /** On the host of a municipality nothing can be changed: Next's proxy.ts redirects or refuses what is asked there. */
  const isElsewhere = ({ headers: { host = '' }, method = '', url: path = '' }: IncomingMessage): boolean =>
    baseDomain !== undefined &&
    host !== publicHost &&
    routeOfHost({ host, path, method, publicOrigin, baseDomain }).kind !== 'pass'
  const always = {
    ...securityHeaders({ https: publicOrigin.startsWith('https:') }),
    // These answers are no documents, so their policy allows nothing.
    'Content-Security-Policy': FILE_POLICY,
  }

  return (request, response) => {
    const [, municipalitySlug, search = ''] = ADDRESS.exec(request.url ?? '') ?? []
    const query = new URLSearchParams(search)
    // The choice of a language is a cookie that proxy.ts sets.
    if (!municipalitySlug || isElsewhere(request) || query.has('lingua')) return next(request, response)
    const header = (name: string) => headerOf(request, name)
    const cookies = readCookies(header('cookie'))
    const asked = { municipalitySlug, query, header, cookies, body: (most: number) => bodyOf(request, most) }
    answerMeals(request.method ?? '', asked, settings).then(
      (answer) => send(answer, always, request, response),
      (error) => fail(error, always, asked, request, response),
    )
  }
}

const LARGEST_BODY_BYTES = 64 * 1024
const PRIVATE = { 'cache-control': 'private, no-store' }
const JSON_HEADERS = { ...PRIVATE, 'content-type': 'application/json' }

const STATUS: Partial<Record<MealRefusal, number>> = {
  'request:signed-out': 401,
  'request:foreign-origin': 403,
  'request:looking': 403,
  'request:not-found': 404,
  'request:key-reused': 409,
  'meals:overtaken': 409,
  'meals:already-so': 409,
  'meals:too-late': 409,
  'meals:past': 409,
  'meals:day-closed': 409,
  'meals:no-service': 409,
  'meals:elsewhere': 409,
  'meals:not-enrolled': 409,
  'meals:nothing-to-change': 409,
  'meals:too-often': 429,
}

const json = (value: unknown, status = 200, more: Headers = {}): MealsAnswer => ({
  status,
  headers: { ...JSON_HEADERS, ...more },
  body: JSON.stringify(value),
})

const wordsOf = ({ cookies: { [LANGUAGE_COOKIE]: chosen } }: MealsRequest): Words => wordsNamed(chosen)

const problem = (asked: MealsRequest, refusal: SaidMealRefusal): MealsAnswer =>
  json(
    { ok: false, code: refusal.code, message: mealRefusalInWords(refusal, wordsOf(asked)) },
    STATUS[refusal.code] ?? 422,
    refusal.code === 'meals:too-often' ? { 'retry-after': String(BUDGETS['meals:change'].seconds) } : {},
  )

/** Relative, so that no header of the request decides where the browser goes. */
const seeOther = (location: string): MealsAnswer => ({
  status: 303,
  headers: { ...PRIVATE, location },
  body: '',
})

async function answerMeals(method: string, asked: MealsRequest, settings: Settings): Promise<MealsAnswer> {
  const { cookies, municipalitySlug } = asked
  switch (method) {
    case 'GET':
    case 'HEAD':
      return read(asked, await readerWith(cookies, municipalitySlug, settings))
    case 'POST':
      if (!fromOurPages({ get: asked.header }, settings.PUBLIC_ORIGIN))
        return problem(asked, { code: 'request:foreign-origin' })
      return change(asked, viewerWith(cookies, municipalitySlug, settings))
    default:
      return { status: 405, headers: { allow: METHODS }, body: '' }
  }
}

/** A child's month: `?figlio=<uuid>&mese=2026-11`, both optional. */
async function read(asked: MealsRequest, viewer: Viewer | null): Promise<MealsAnswer> {
  if (!viewer) return problem(asked, { code: 'request:signed-out' })
  const address = readCalendarAddress(Object.fromEntries(asked.query))
  if (!allowedToFamily(viewer, 'meals:read') || address === null || address.child === ALL_CHILDREN)
    return problem(asked, { code: 'request:not-found' })
  const page = await readMonthPage(viewer, address.child, address.month)
  if (page === null || page === 'no-children') return problem(asked, { code: 'request:not-found' })
  return json(monthView(page))
}

/**
 * A batch of cancellations or restorations: JSON is answered with JSON, a form with the page to see next. The body is read
 * while the database is asked for the viewer: from its end on the request only waits, and waiting costs no meal.
 */
async function change(asked: MealsRequest, asking: Promise<Viewer | null>): Promise<MealsAnswer> {
  const isJson = isJsonIn(asked)
  const reading = asked.body(LARGEST_BODY_BYTES)
  // A client that goes away while the viewer is asked for is met below.
  reading.catch(() => undefined)
  const viewer = await asking
  if (!viewer && isJson) return problem(asked, { code: 'request:signed-out' })
  const body = await reading
  if (body === null) return problem(asked, { code: 'request:invalid' })
  if (!viewer) return askToSignIn(asked.municipalitySlug, new URLSearchParams(body.text))
  return (isJson ? changeByJson : changeByForm)(asked, viewer, body)
}

const isJsonIn = ({ header }: MealsRequest): boolean =>
  (header('content-type') ?? '').startsWith('application/json')

/** Signing in leads back to the page of the form, and both pages say that nothing was changed. */
const askToSignIn = (municipalitySlug: string, form: URLSearchParams): MealsAnswer =>
  seeOther(
    signInPath(
      municipalitySlug,
      safeReturnPath(nextPage(municipalitySlug, form, refused('request:signed-out')), municipalitySlug),
    ),
  )

async function changeByJson(
  asked: MealsRequest,
  viewer: Viewer,
  { text, readAt }: Body,
): Promise<MealsAnswer> {
  const wish = readChange(parsed(text))
  const result = wish.ok ? await changeMeals(viewer, { ...wish.value, readAt }) : wish
  if (!result.ok) return problem(asked, result)
  const { value } = result
  return json(answerOf(value, receiptPath(asked.municipalitySlug, value.receiptId), wordsOf(asked)))
}

async function changeByForm(
  asked: MealsRequest,
  viewer: Viewer,
  { text, readAt }: Body,
): Promise<MealsAnswer> {
  const form = new URLSearchParams(text)
  const wish = readChange(changeFields(form))
  const result = wish.ok ? await changeMeals(viewer, { ...wish.value, readAt }) : wish
  return seeOther(nextPage(asked.municipalitySlug, form, result))
}

/** A value in JSON; undefined for a text that is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What the shape of a request alone may be refused with. */
type ShapeRefusal = Extract<
  MealRefusal,
  | 'request:invalid'
  | 'request:not-found'
  | 'meals:bad-day'
  | 'meals:unknown-action'
  | 'meals:no-pupil'
  | 'meals:too-many-days'
>
const saying = (error: ShapeRefusal) => ({ error })
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
/** A pupil, or a pupil in one service: an `Eater`. */
const rawId = z
  .string(saying('request:not-found'))
  .regex(new RegExp(`^${ID}(?:\\.${ID})?$`), saying('request:not-found'))
const rawDay = z.iso.date(saying('meals:bad-day')).regex(/^(19|20|21)/, saying('meals:bad-day'))
/** An empty field of a form is an absent one. */
const rawEnd = z.preprocess(
  (value) => (value === '' || value === null ? undefined : value),
  rawDay.optional(),
)

const rawBatch = z.object({
  action: z.enum(['cancel', 'restore'], saying('meals:unknown-action')),
  pupilIds: z.preprocess(
    listOf,
    z.array(rawId).min(1, saying('meals:no-pupil')).max(MOST_PUPILS, saying('meals:too-many-days')),
  ),
  days: z.preprocess(listOf, z.array(rawDay).max(MOST_DAYS, saying('meals:too-many-days'))),
  from: rawEnd,
  to: rawEnd,
})

const DAY_MS = 86_400_000
const sortedUnique = <T extends string>(values: readonly T[]): T[] => [...new Set(values)].sort()
const tooManyDays = () => refused('meals:too-many-days', { n: MOST_DAYS })

/**
 * Reads a request.
 * @returns the request sorted and without repetitions, or why it cannot be understood. Ownership is not judged here.
 */
export function readBatch(raw: RawBatch): Result<BatchRequest, MealRefusal> {
  const read = rawBatch.safeParse(raw)
  if (!read.success) {
    const code = read.error.issues[0]?.message as ShapeRefusal
    return code === 'meals:too-many-days' ? tooManyDays() : refused(code)
  }
  // A single end means that day alone.
  const { action, pupilIds, days, from = read.data.to, to = from } = read.data
  if (from && to) {
    if (to < from) return refused('meals:period-reversed')
    // Checked before the days are listed, so that a period of centuries costs nothing.
    if (Date.parse(to) - Date.parse(from) >= MOST_DAYS * DAY_MS) return tooManyDays()
    days.push(...daysBetween(from, to))
  }
  const request = { action, pupilIds: sortedUnique(pupilIds), days: sortedUnique(days) }
  if (request.days.length === 0) return refused('meals:no-days')
  return request.days.length > MOST_DAYS ? tooManyDays() : { ok: true, value: request }
}

/** A change as it arrives, understood but not yet judged. */
export type MealChangeRequest = BatchRequest & {
  idempotencyKey: string
  replaces: string[]
  channel: 'web' | 'app'
}

const rawKey = z.guid(saying('request:invalid')).toLowerCase()
const rawKeys = z.array(rawKey).max(MOST_REPLACED).default([])

/** Reads a change: `{ action, pupilIds, days, from?, to?, idempotencyKey, replaces?, channel? }`. */
export function readChange(sent: unknown): Result<MealChangeRequest, MealRefusal> {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return refused('request:invalid')
  const { idempotencyKey, replaces, channel, ...raw } = sent as RawBatch & {
    idempotencyKey?: unknown
    replaces?: unknown
    channel?: unknown
  }
  const batch = readBatch(raw)
  if (!batch.ok) return batch
  const key = rawKey.safeParse(idempotencyKey)
  const earlier = rawKeys.safeParse(replaces)
  if (!key.success || !earlier.success) return refused('request:invalid')
  return {
    ok: true,
    value: {
      ...batch.value,
      idempotencyKey: key.data,
      replaces: earlier.data,
      channel: channel === 'app' ? 'app' : 'web',
    },
  }
}

/** The page to see after a form: where it was sent from, or the receipt. */
function nextPage(
  municipalitySlug: string,
  form: URLSearchParams,
  result: Result<{ receiptId: string }>,
): string {
  const fromToday = form.get('pagina') === 'oggi'
  if (result.ok && !fromToday) return receiptPath(municipalitySlug, result.value.receiptId)
  const child = form.get('figlio')
  const page = fromToday
    ? `/${municipalitySlug}/oggi`
    : calendarPath(municipalitySlug, isEater(child) ? { child } : {})
  const news = result.ok ? `ricevuta=${result.value.receiptId}` : `esito=${encodeURIComponent(result.code)}`
  return `${page}${page.includes('?') ? '&' : '?'}${news}`
}

const headerOf = ({ headers }: IncomingMessage, name: string): string | null => {
  const value = headers[name]
  return (Array.isArray(value) ? value.join(', ') : value) ?? null
}

/** The body; null as soon as it is longer than allowed: the rest is not read. */
function bodyOf(request: IncomingMessage, mostBytes: number): Promise<Body | null> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return Promise.resolve(null)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= mostBytes) chunks.push(chunk)
      else resolve(null)
    })
    request.once('end', () => resolve({ text: Buffer.concat(chunks).toString(), readAt: performance.now() }))
    request.once('error', reject)
  })
}

type Headers = Readonly<Record<string, string>>

function send(
  { status, headers, body }: MealsAnswer,
  always: Headers,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(status, {
    ...always,
    ...headers,
    'content-length': Buffer.byteLength(body),
    // A body that is not read is cut off: the connection ends with the answer.
    ...(request.complete ? {} : { connection: 'close' }),
  })
  response.end(body)
}

/** Logs a failure and answers it in words: a form with a page that needs no script, everything else with JSON. */
function fail(
  error: Error & { code?: string },
  always: Headers,
  asked: MealsRequest,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { method, url = '' } = request
  const { message, code } = error
  // The client dropped the connection while it was sending: no failure of ours, and the client retries.
  if (code === 'ECONNRESET' && message === 'aborted') return
  const failure = failureOf(error)
  log().error(
    { digest: failure.reference, method, path: loggedPath(url), err: error },
    'meals: request failed',
  )
  if (response.headersSent) {
    response.destroy()
    return
  }
  const t = wordsOf(asked)
  const isForm = method === 'POST' && !isJsonIn(asked)
  const answer = {
    status: failure.status,
    headers: {
      ...failureHeaders(failure),
      'content-type': isForm ? 'text/html; charset=utf-8' : 'application/json',
    },
    body: isForm
      ? plainPage(t, failurePage(failure, t, calendarPath(asked.municipalitySlug)))
      : JSON.stringify(failureJson(failure, t)),
  }
  send(answer, always, request, response)
}
