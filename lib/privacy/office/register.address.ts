import { addDays, type Day, parseDay } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { searchText } from '#lib/school/municipality.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import { isRegisterKind, type RegisterCursor, type RegisterFilter } from './register.ts'

/** How far back a search goes that says no first day. */
export const USUAL_DAYS = 30

const uuidOf = (text: string): string | null => (isUuid(text) ? text.toLowerCase() : null)

const CURSOR = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z)_([0-9a-f-]{36})$/

/** The place of a line in an address, and back. Null for what is no place. */
export function readCursor(text: string): RegisterCursor | null {
  const [, at = '', id = ''] = CURSOR.exec(text) ?? []
  return isUuid(id) && !Number.isNaN(Date.parse(at)) && parseDay(at.slice(0, 10)) ? { at, id } : null
}

export const writeCursor = ({ at, id }: RegisterCursor): string => `${at}_${id}`

/** Reads the search of the register. What makes no sense counts as not said; a period that is turned round is put right. */
export function readRegisterFilter(query: SearchParams, today: Day): RegisterFilter {
  const said = (name: string) => readText(query[name])
  const to = parseDay(said('al')) ?? today
  const from = parseDay(said('dal')) ?? addDays(to, -USUAL_DAYS)
  const kind = said('tipo')
  return {
    ...(from <= to ? { from, to } : { from: to, to: from }),
    kind: isRegisterKind(kind) ? kind : null,
    colleagueId: uuidOf(said('chi')),
    colleagueName: isUuid(said('chi')) ? '' : searchText(query.chi),
    householdId: uuidOf(said('famiglia')),
    personId: uuidOf(said('persona')),
    text: searchText(query.testo),
    readings: said('letture') === 'si',
    after: readCursor(said('dopo')),
  }
}

/** The address of a search, without the days and choices that are the usual ones. */
export function registerQuery(filter: RegisterFilter): URLSearchParams {
  const { from, to, kind, colleagueId, colleagueName, householdId, personId, text, readings, after } = filter
  const said = {
    dal: from,
    al: to,
    tipo: kind,
    chi: colleagueId ?? colleagueName,
    famiglia: householdId,
    persona: personId,
  }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(said)) if (value) query.set(name, value)
  if (text) query.set('testo', text)
  if (readings) query.set('letture', 'si')
  if (after) query.set('dopo', writeCursor(after))
  return query
}
