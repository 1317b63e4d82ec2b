import { type Day, instantInRome } from '#lib/kernel/day.ts'
import type { DayState } from '#lib/meals/cutoff.ts'
import { deadlineInWords } from '#lib/meals/cutoff.words.ts'
import { timeInRome } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import type { CalendarEvent } from './ical.ts'

/** How long before the cutoff a phone may ring, in minutes: 45 is 8:45 where the cutoff is at 9:30. */
export const ALARMS = [30, 45, 60, 120] as const
export const USUAL_ALARM = 45
/** Days before and after today that a feed shows. */
export const DAYS_BACK = 14
export const DAYS_AHEAD = 60

/** The hour of lunch in the calendar; the school decides the real one, and the event says so. */
const [LUNCH_FROM, LUNCH_TO] = ['12:30', '13:30']

export type FeedDay = {
  state: DayState
  /** Of a child who has more than one service: the one that this is of. */
  service?: { id: string; name: string }
  /** Names of the dishes of the common menu; empty where none is published. */
  dishes: readonly string[]
  lastModified: Date
}

/** Seconds since then: grows with every change, and stays within the 32 bits that calendars expect. */
const SEQUENCE_FROM = Date.UTC(2025, 0, 1)

const stamp = (day: Day, time: string): string => `${day.replaceAll('-', '')}T${time.replace(':', '')}00`

const isPresent = ({ kind }: DayState): boolean =>
  kind === 'present' || kind === 'presentLate' || kind === 'consumed'
const isAbsent = ({ kind }: DayState): boolean =>
  kind === 'absent' || kind === 'absentLate' || kind === 'absentPast'

function summaryOf({ state, service }: FeedDay, name: string, t: Words): string | null {
  const values = { service: service?.name ?? '', name }
  if (service && isPresent(state)) return t('{service}: {name}', values)
  if (service && isAbsent(state)) return t('{service}: {name} è assente', values)
  if (service && state.kind === 'closed') return t('Chiuso: {service} di {name}', values)
  if (isPresent(state)) return t('Mensa: {name}', { name })
  if (isAbsent(state)) return t('Mensa: {name} è assente', { name })
  if (state.kind === 'closed') return t('Niente mensa per {name}', { name })
  return null
}

/** Dishes and the reason of a closure are the office's words: they are not translated. */
function descriptionOf({ state, service, dishes }: FeedDay, t: Words): string {
  const lines: string[] = []
  if (isPresent(state)) {
    if (state.kind === 'present' && state.cutoffAt)
      lines.push(
        t('Si può disdire fino alle {deadline}.', {
          deadline: deadlineInWords(state.day, state.cutoffAt, t),
        }),
      )
    if (dishes.length > 0) lines.push(t('Menù comune: {dishes}.', { dishes: dishes.join('; ') }))
    lines.push(
      service
        ? t('L’orario lo decide la scuola: qui è indicativo.')
        : t('L’orario del pranzo lo decide la scuola: qui è indicativo.'),
    )
  }
  if (isAbsent(state)) lines.push(t('Il pasto è disdetto.'))
  if (state.kind === 'closed')
    lines.push(state.why ? t('La mensa è chiusa: {why}.', { why: state.why }) : t('La mensa è chiusa.'))
  return lines.join('\n')
}

/** Alarms are for a meal that can still be cancelled; a closure or a cancelled meal needs none. */
function alarmOf(
  state: DayState,
  name: string,
  { alarmMinutes: minutes, t }: { alarmMinutes: number | null; t: Words },
): CalendarEvent['alarm'] {
  if (minutes === null || state.kind !== 'present' || state.cutoffAt === null) return null
  const start = instantInRome(state.day, LUNCH_FROM).getTime()
  const at = state.cutoffAt.getTime() - minutes * 60_000
  const secondsBefore = Math.round((start - at) / 1000)
  if (secondsBefore < 0) return null
  return {
    secondsBefore,
    text: t('{name} mangia a mensa: puoi disdire fino alle {time}', {
      name,
      time: timeInRome(state.cutoffAt, t.language),
    }),
  }
}

/** A child's days as calendar events: what is on a school's calendar, nothing about diets or money. */
export function feedEvents(
  days: readonly FeedDay[],
  child: { pupilId: string; givenName: string },
  options: { alarmMinutes: number | null; url: string; host: string; t: Words },
): CalendarEvent[] {
  return days.flatMap((day): CalendarEvent[] => {
    const summary = summaryOf(day, child.givenName, options.t)
    if (summary === null) return []
    const seconds = Math.floor((day.lastModified.getTime() - SEQUENCE_FROM) / 1000)
    return [
      {
        uid: `${day.state.day}.${child.pupilId}${day.service ? `.${day.service.id}` : ''}@${options.host}`,
        start: stamp(day.state.day, LUNCH_FROM),
        end: stamp(day.state.day, LUNCH_TO),
        summary,
        description: descriptionOf(day, options.t),
        url: options.url,
        sequence: Math.max(0, seconds),
        lastModified: day.lastModified,
        alarm: alarmOf(day.state, child.givenName, options),
      },
    ]
  })
}

/** "8:45": when an alarm rings for a cutoff at this wall-clock time of an ordinary day. */
export const alarmTime = (cutoffTime: string, minutes: number): string => {
  const [hours = 0, past = 0] = cutoffTime.split(':').map(Number)
  const at = (hours * 60 + past - minutes + 1_440) % 1_440
  return `${Math.floor(at / 60)}:${String(at % 60).padStart(2, '0')}`
}
