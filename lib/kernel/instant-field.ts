import { instantInRome, parseDay, wallClockInRome } from './day.ts'

const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2})T((?:[01]\d|2[0-3]):[0-5]\d)(?::00)?$/

/** What a `datetime-local` field sends, as an instant in Italy; null for anything that is not a moment. */
export function instantTyped(text: string): Date | null {
  const [, date, time] = LOCAL_TIME.exec(text) ?? []
  const day = parseDay(date)
  return day && time ? instantInRome(day, time) : null
}

/** An instant as a `datetime-local` field wants it, in Italy's time. */
export const instantForField = (instant: Date | null): string =>
  instant ? wallClockInRome(instant).slice(0, 'YYYY-MM-DDTHH:MM'.length) : ''
