import 'server-only'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { isMunicipalitySlug, signInPath } from '#lib/access/return-path.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { env } from '#lib/kernel/env.ts'
import type { Result } from '#lib/kernel/result.ts'
import { fromOurPages, readCookies, viewerWith } from '#lib/session/session.queries.ts'
import { readForm, readJson, seeOther } from '#lib/web/form-request.http.ts'
import { italian } from '#lib/words/language.ts'
import { ALL_CHILDREN, isEater, readCalendarAddress } from '../meal.address.ts'
import { changeMeals, type MealChangeAnswer } from '../meal-change.commands.ts'
import { readChange } from '../meal-change.http.ts'
import { changeFields } from '../meal-change.input.ts'
import { type MealRefusal, mealRefusalInWords, type SaidMealRefusal } from '../meal-change.refusals.ts'
import { answerOf } from '../meal-change.words.ts'
import { monthView } from '../month-view.ts'
import { CONTACT_FIELD, NOTE_FIELD, officeCalendarPath, officeReceiptPath } from './on-behalf.address.ts'
import { readAsked } from './on-behalf.input.ts'
import { monthForOffice } from './on-behalf.queries.ts'

const PRIVATE = { 'cache-control': 'private, no-store' }

const json = (value: unknown, status = 200): Response => Response.json(value, { status, headers: PRIVATE })

const STATUS: Partial<Record<MealRefusal, number>> = {
  'request:signed-out': 401,
  'request:foreign-origin': 403,
  'request:not-found': 404,
}

const problem = (refusal: SaidMealRefusal): Response =>
  json(
    { ok: false, code: refusal.code, message: mealRefusalInWords(refusal, italian) },
    STATUS[refusal.code] ?? 409,
  )

const viewerOf = (request: Request, municipalitySlug: string): Promise<Viewer | null> =>
  viewerWith(readCookies(request.headers.get('cookie')), municipalitySlug)

/** The month of a pupil for a colleague: `?figlio=<uuid>&mese=2026-11`. */
export async function readForOffice(request: Request, municipalitySlug: string): Promise<Response> {
  if (!isMunicipalitySlug(municipalitySlug)) return problem({ code: 'request:not-found' })
  const viewer = await viewerOf(request, municipalitySlug)
  if (!viewer) return problem({ code: 'request:signed-out' })
  const address = readCalendarAddress(Object.fromEntries(new URL(request.url).searchParams))
  if (!address?.child || address.child === ALL_CHILDREN) return problem({ code: 'request:not-found' })
  const page = await monthForOffice(viewer, address.child, address.month)
  return page ? json(monthView(page)) : problem({ code: 'request:not-found' })
}

/** A change that a colleague makes for a family: JSON is answered with JSON, a form with the page to see next. */
export async function changeForOffice(request: Request, municipalitySlug: string): Promise<Response> {
  if (!isMunicipalitySlug(municipalitySlug)) return problem({ code: 'request:not-found' })
  if (!fromOurPages(request.headers, env().PUBLIC_ORIGIN)) return problem({ code: 'request:foreign-origin' })
  const isForm = !(request.headers.get('content-type') ?? '').startsWith('application/json')
  const viewer = await viewerOf(request, municipalitySlug)
  const body = isForm ? await readForm(request) : await readJson(request)
  const pupilId = body instanceof URLSearchParams ? body.get('figlio') : null
  if (!viewer) {
    if (!isForm) return problem({ code: 'request:signed-out' })
    return seeOther(signInPath(municipalitySlug, pageOf(municipalitySlug, pupilId)))
  }
  if (!allowedToStaff(viewer, 'meals:change')) return problem({ code: 'request:not-found' })
  if (body === null) return problem({ code: 'request:invalid' })
  const result = await changed(viewer, body)
  if (isForm) return seeOther(nextPage(municipalitySlug, pupilId, result))
  if (!result.ok) return problem(result)
  return json(answerOf(result.value, officeReceiptPath(municipalitySlug, result.value.receiptId), italian))
}

async function changed(
  viewer: Viewer,
  body: URLSearchParams | Record<string, unknown>,
): Promise<Result<MealChangeAnswer, MealRefusal>> {
  const isForm = body instanceof URLSearchParams
  const field = (name: string): unknown => (isForm ? body.get(name) : body[name])
  const wish = readChange(isForm ? changeFields(body) : body)
  if (!wish.ok) return wish
  const asked = readAsked(field(CONTACT_FIELD), field(NOTE_FIELD))
  if (!asked.ok) return asked
  return changeMeals(viewer, { ...wish.value, channel: 'office', asked: asked.value })
}

const pageOf = (municipalitySlug: string, pupilId: string | null): string =>
  isEater(pupilId) ? officeCalendarPath(municipalitySlug, pupilId) : `/admin/${municipalitySlug}/famiglie`

function nextPage(
  municipalitySlug: string,
  pupilId: string | null,
  result: Result<{ receiptId: string }>,
): string {
  if (result.ok) return officeReceiptPath(municipalitySlug, result.value.receiptId)
  return `${pageOf(municipalitySlug, pupilId)}?esito=${encodeURIComponent(result.code)}`
}
