import { addDays, type Day, daysBetween, parseDay } from '#lib/kernel/day.ts'
import { type MunicipalityMenus, municipalityMenus } from '#lib/menus/menu.queries.ts'
import { mondayOf } from '#lib/menus/rotation.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import type { Municipality } from '#lib/school/municipality.ts'

const WEEKS = 8
const MOST_DAYS = 366

export type AskedData = {
  municipality: Municipality
  book: MunicipalityMenus
  days: Day[]
  schools: MunicipalityMenus['schools']
}

/**
 * What `?scuola=&dal=&al=` asks for: this week and the seven after it unless told, a year at most. Null for a municipality or a
 * school that is not there.
 */
export async function askedData(request: Request, municipalitySlug: string): Promise<AskedData | null> {
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) return null
  const book = await municipalityMenus(municipality)
  const query = new URL(request.url).searchParams
  const schools = book.schools.filter(({ slug }) => [null, slug].includes(query.get('scuola')))
  if (schools.length === 0 && book.schools.length > 0) return null
  const from = parseDay(query.get('dal')) ?? mondayOf(book.today)
  const to = parseDay(query.get('al')) ?? addDays(from, 7 * WEEKS - 1)
  const [last = to] = [to, addDays(from, MOST_DAYS - 1)].sort()
  return { municipality, book, schools, days: daysBetween(from, last) }
}

export const OPEN = { 'cache-control': 'public, max-age=1', 'access-control-allow-origin': '*' }
