import { italian, type Phrase, phrase, type Words } from '#lib/words/language.ts'
import type { SchoolKind, SchoolSchedule } from './municipality.ts'
import { scheduledCutoffInWords, weekdaysInWords } from './schedule.words.ts'

const KINDS: Record<SchoolKind, Phrase> = {
  infanzia: phrase('Scuola dell’infanzia'),
  primaria: phrase('Scuola primaria'),
  secondaria: phrase('Scuola secondaria di primo grado'),
}

export const schoolKindInWords = (kind: SchoolKind): Phrase => KINDS[kind]

const onlyOne = (values: string[]): string | null => (new Set(values).size === 1 ? (values[0] ?? null) : null)

/** "le 9:30 del giorno stesso" when every school has the same cutoff, otherwise null. */
export const commonCutoff = (schools: readonly SchoolSchedule[], t: Words = italian): string | null =>
  onlyOne(schools.map((school) => scheduledCutoffInWords(school.cutoffTime, school.cutoffDaysBefore, t)))

/** "da martedì a venerdì" when every school eats on the same days, otherwise null. */
export const commonWeekdays = (schools: readonly SchoolSchedule[], t: Words = italian): string | null =>
  onlyOne(schools.map((school) => weekdaysInWords(school.weekdays, t)))
