import { allowedToFamily } from '#lib/auth/roles.ts'
import { currentViewer } from '#lib/auth/session.ts'
import { parseMonth } from '#lib/day.ts'
import { env } from '#lib/env.ts'
import { words } from '#lib/language/words.ts'
import { answerOf } from '#lib/meals/batch-words.ts'
import { changeMeals } from '#lib/meals/commands.ts'
import { calendarPath, receiptPath } from '#lib/meals/paths.ts'
import { monthOf } from '#lib/meals/queries.ts'
import { changeFromForm, changeFromJson } from '#lib/meals/request.ts'
import { monthView } from '#lib/meals/views.ts'
import { type RefusalCode, refusalInWords } from '#lib/messages/refusals.ts'
import { fromOurPages } from '#lib/origin.ts'
import type { Refused, Result } from '#lib/result.ts'
import { isUuid } from '#lib/uuid.ts'

/**
 * The calendar at an address that never changes: a page opened before a deploy, a form without JavaScript and the installed
 * app all find it. Same viewer, same permission, same command as everywhere.
 */
type Context = { params: Promise<{ comune: string }> }

const PRIVATE = { 'cache-control': 'private, no-store' }
const LARGEST_BODY = 64 * 1024

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

const problem = async ({ code, details }: Omit<Refused, 'ok'>): Promise<Response> =>
  Response.json(
    { ok: false, code, message: refusalInWords(code, details, await words()) },
    { status: STATUS[code] ?? 422, headers: PRIVATE },
  )

/** A child's month: `?figlio=<uuid>&mese=2026-11`, both optional. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const viewer = await currentViewer((await params).comune)
  if (!viewer) return problem({ code: 'request:signed-out' })
  const query = new URL(request.url).searchParams
  const child = query.get('figlio')
  if (!allowedToFamily(viewer, 'meals:read') || (child !== null && !isUuid(child))) {
    return problem({ code: 'request:not-found' })
  }
  const page = await monthOf(viewer, child, parseMonth(query.get('mese')))
  if (page === null || page === 'no-children') return problem({ code: 'request:not-found' })
  return Response.json(monthView(page), { headers: PRIVATE })
}

/** A batch of cancellations or restorations, as JSON or as a form. A form is answered with the page to see next. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { comune } = await params
  if (!fromOurPages(request.headers, env().PUBLIC_ORIGIN)) return problem({ code: 'request:foreign-origin' })
  const isJson = (request.headers.get('content-type') ?? '').startsWith('application/json')
  const viewer = await currentViewer(comune)
  if (!viewer && !isJson) return seeOther(`/${comune}/accesso`)
  if (!viewer) return problem({ code: 'request:signed-out' })

  const body = await bodyOf(request, isJson)
  if (body === null) return problem({ code: 'request:invalid' })
  const change = body instanceof URLSearchParams ? changeFromForm(body) : changeFromJson(body.json)
  const result = change.ok ? await changeMeals(viewer, change.value) : change
  if (body instanceof URLSearchParams) return seeOther(nextPage(comune, body, result))
  if (!result.ok) return problem(result)
  return Response.json(answerOf(result.value, receiptPath(comune, result.value.receiptId), await words()), {
    headers: PRIVATE,
  })
}

/** The page to see after a form: where it was sent from, or the receipt. */
function nextPage(comune: string, form: URLSearchParams, result: Result<{ receiptId: string }>): string {
  const fromToday = form.get('pagina') === 'oggi'
  if (result.ok && !fromToday) return receiptPath(comune, result.value.receiptId)
  const child = form.get('figlio')
  const page = fromToday ? `/${comune}/oggi` : calendarPath(comune, isUuid(child) ? { child } : {})
  const news = result.ok ? `ricevuta=${result.value.receiptId}` : `esito=${encodeURIComponent(result.code)}`
  return `${page}${page.includes('?') ? '&' : '?'}${news}`
}

/** Relative, so that no header of the request decides where the browser goes. */
const seeOther = (location: string): Response =>
  new Response(null, { status: 303, headers: { ...PRIVATE, location } })

/** The body, or null when it is too large or not what it says. Forms of ours are always URL-encoded. */
async function bodyOf(
  request: Request,
  isJson: boolean,
): Promise<URLSearchParams | { json: unknown } | null> {
  if (Number(request.headers.get('content-length') ?? 0) > LARGEST_BODY) return null
  const text = await request.text()
  if (text.length > LARGEST_BODY) return null
  if (!isJson) return new URLSearchParams(text)
  try {
    return { json: JSON.parse(text) as unknown }
  } catch {
    return null
  }
}
