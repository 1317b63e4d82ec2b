import { isMunicipalitySlug } from '#lib/access/return-path.ts'
import { allowedToFamily } from '#lib/access/roles.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { parseMonth } from '#lib/kernel/day.ts'
import { env } from '#lib/kernel/env.ts'
import type { Refused, Result } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { type RefusalCode, refusalInWords } from '#lib/refusals/refusals.ts'
import { readCookies } from '#lib/session/cookies.ts'
import { viewerWith } from '#lib/session/viewer.queries.ts'
import { fromOurPages } from '#lib/web/origin.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { isLanguage, type Words } from '#lib/words/language.ts'
import { LANGUAGE_COOKIE } from '#lib/words/language-cookie.ts'
import { calendarPath, receiptPath } from './meal.address.ts'
import { readMonthPage } from './meal.queries.ts'
import { changeMeals } from './meal-change.commands.ts'
import { changeFromForm } from './meal-change.input.ts'
import { readChange } from './meal-change.ts'
import { answerOf } from './meal-change.words.ts'
import { monthView } from './month-view.ts'

/**
 * The calendar at an address that never changes: a page opened before a deploy, a form without JavaScript and the installed
 * app all find it. Same viewer, same permission, same command as everywhere. It knows no framework: whoever has the
 * connection in hand asks it (the web server itself at the peak, Next's route otherwise) and gets the same answer.
 */
export type MealsRequest = {
  method: 'GET' | 'POST'
  /** As the address says it: not to be believed. */
  municipalitySlug: string
  query: URLSearchParams
  headers: { get(name: string): string | null }
  /** The body as text; null when it is longer than so many bytes. */
  body(mostBytes: number): Promise<string | null>
}

export type MealsAnswer = { status: number; headers: Readonly<Record<string, string>>; body: string }

const LARGEST_BODY_BYTES = 64 * 1024
const PRIVATE = { 'cache-control': 'private, no-store' }
const JSON_HEADERS = { ...PRIVATE, 'content-type': 'application/json' }

const STATUS: Partial<Record<RefusalCode, number>> = {
  'request:signed-out': 401,
  'request:foreign-origin': 403,
  'request:not-found': 404,
  'request:key-reused': 409,
  'meals:already-so': 409,
  'meals:too-late': 409,
  'meals:day-closed': 409,
  'meals:no-service': 409,
  'meals:not-enrolled': 409,
  'meals:nothing-to-change': 409,
}

const json = (value: unknown, status = 200): MealsAnswer => ({
  status,
  headers: JSON_HEADERS,
  body: JSON.stringify(value),
})

const problem = ({ code, details }: Omit<Refused, 'ok'>, t: Words): MealsAnswer =>
  json({ ok: false, code, message: refusalInWords(code, details, t) }, STATUS[code] ?? 422)

/** Relative, so that no header of the request decides where the browser goes. */
const seeOther = (location: string): MealsAnswer => ({
  status: 303,
  headers: { ...PRIVATE, location },
  body: '',
})

export async function answerMeals(asked: MealsRequest): Promise<MealsAnswer> {
  const cookies = readCookies(asked.headers.get('cookie'))
  const chosen = cookies[LANGUAGE_COOKIE]
  const t = wordsIn(isLanguage(chosen) ? chosen : 'it')
  if (asked.method === 'GET') return read(asked, await viewerWith(cookies, asked.municipalitySlug), t)
  if (!fromOurPages(asked.headers, env().PUBLIC_ORIGIN)) return problem({ code: 'request:foreign-origin' }, t)
  return change(asked, await viewerWith(cookies, asked.municipalitySlug), t)
}

/** A child's month: `?figlio=<uuid>&mese=2026-11`, both optional. */
async function read({ query }: MealsRequest, viewer: Viewer | null, t: Words): Promise<MealsAnswer> {
  if (!viewer) return problem({ code: 'request:signed-out' }, t)
  const child = query.get('figlio')
  if (!allowedToFamily(viewer, 'meals:read') || (child !== null && !isUuid(child))) {
    return problem({ code: 'request:not-found' }, t)
  }
  const page = await readMonthPage(viewer, child, parseMonth(query.get('mese')))
  if (page === null || page === 'no-children') return problem({ code: 'request:not-found' }, t)
  return json(monthView(page))
}

/** A batch of cancellations or restorations, as JSON or as a form. A form is answered with the page to see next. */
async function change(asked: MealsRequest, viewer: Viewer | null, t: Words): Promise<MealsAnswer> {
  const { municipalitySlug, headers } = asked
  const isJson = (headers.get('content-type') ?? '').startsWith('application/json')
  if (!viewer && !isJson && isMunicipalitySlug(municipalitySlug))
    return seeOther(`/${municipalitySlug}/accesso`)
  if (!viewer) return problem({ code: 'request:signed-out' }, t)
  const body = await bodyOf(asked, isJson)
  if (body === null) return problem({ code: 'request:invalid' }, t)
  const wish = body instanceof URLSearchParams ? changeFromForm(body) : readChange(body.json)
  const result = wish.ok ? await changeMeals(viewer, wish.value) : wish
  if (body instanceof URLSearchParams) return seeOther(nextPage(municipalitySlug, body, result))
  if (!result.ok) return problem(result, t)
  return json(answerOf(result.value, receiptPath(municipalitySlug, result.value.receiptId), t))
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
    : calendarPath(municipalitySlug, isUuid(child) ? { child } : {})
  const news = result.ok ? `ricevuta=${result.value.receiptId}` : `esito=${encodeURIComponent(result.code)}`
  return `${page}${page.includes('?') ? '&' : '?'}${news}`
}

/** The body, or null when it is too large or not what it says. Forms of ours are always URL-encoded. */
async function bodyOf(
  asked: MealsRequest,
  isJson: boolean,
): Promise<URLSearchParams | { json: unknown } | null> {
  const text = await asked.body(LARGEST_BODY_BYTES)
  if (text === null) return null
  if (!isJson) return new URLSearchParams(text)
  try {
    return { json: JSON.parse(text) as unknown }
  } catch {
    return null
  }
}
