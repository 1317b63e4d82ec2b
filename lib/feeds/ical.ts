import type { Language } from '#lib/words/language.ts'

/** The calendar format of RFC 5545, as much of it as a feed needs. Lines end with CRLF and are folded at 75 octets. */

export type CalendarEvent = {
  uid: string
  /** Wall clock in Italy, `YYYYMMDDTHHMMSS`. */
  start: string
  end: string
  summary: string
  description: string
  url: string
  /** Grows with every change of the event. */
  sequence: number
  lastModified: Date
  /** Seconds before the start at which the phone rings; null for no alarm. */
  alarm: { secondsBefore: number; text: string } | null
}

const MOST_OCTETS = 75

/**
 * One line of at most 75 octets, continued with a space on the next ones; a letter of several octets is never cut.
 */
export function foldLine(line: string): string {
  const lines: string[] = []
  let current = ''
  let octets = 0
  for (const letter of line) {
    const size = Buffer.byteLength(letter)
    if (octets + size > MOST_OCTETS) {
      lines.push(current)
      current = ' '
      octets = 1
    }
    current += letter
    octets += size
  }
  return [...lines, current].join('\r\n')
}

/** Text of a value: backslash, semicolon, comma and line break have a meaning of their own; other controls are dropped. */
export const escapeText = (value: string): string =>
  value
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(/\p{Cc}/gu, '')

/** An instant in UTC: `20261124T083000Z`. */
export const utcStamp = (instant: Date): string =>
  `${instant.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`

/** A time before the start: "-PT3H45M". */
function before(seconds: number): string {
  const [days, rest] = [Math.floor(seconds / 86_400), seconds % 86_400]
  const [hours, minutes] = [Math.floor(rest / 3_600), Math.floor((rest % 3_600) / 60)]
  const time = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}`
  const date = days > 0 ? `${days}D` : ''
  return `-P${date}${time ? `T${time}` : ''}${date || time ? '' : 'T0S'}`
}

/** Summer time in Italy begins and ends on the last Sundays of March and October, at 01:00 UTC, as everywhere in the Union. */
const ROME = [
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Rome',
  'BEGIN:DAYLIGHT',
  'DTSTART:19960331T020000',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'TZNAME:CEST',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'END:DAYLIGHT',
  'BEGIN:STANDARD',
  'DTSTART:19961027T030000',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'TZNAME:CET',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'END:STANDARD',
  'END:VTIMEZONE',
]

const alarmLines = (alarm: CalendarEvent['alarm']): string[] =>
  alarm === null
    ? []
    : [
        'BEGIN:VALARM',
        'ACTION:DISPLAY',
        `DESCRIPTION:${escapeText(alarm.text)}`,
        `TRIGGER:${before(alarm.secondsBefore)}`,
        'END:VALARM',
      ]

const eventLines = (event: CalendarEvent): string[] => [
  'BEGIN:VEVENT',
  `UID:${event.uid}`,
  // The same calendar gives the same bytes: the stamp is the last change of the event, not the moment of the request.
  `DTSTAMP:${utcStamp(event.lastModified)}`,
  `LAST-MODIFIED:${utcStamp(event.lastModified)}`,
  `SEQUENCE:${event.sequence}`,
  `DTSTART;TZID=Europe/Rome:${event.start}`,
  `DTEND;TZID=Europe/Rome:${event.end}`,
  `SUMMARY:${escapeText(event.summary)}`,
  `DESCRIPTION:${escapeText(event.description)}`,
  `URL:${event.url}`,
  'TRANSP:TRANSPARENT',
  ...alarmLines(event.alarm),
  'END:VEVENT',
]

/** A whole calendar, ready to be sent as `text/calendar; charset=utf-8`. */
export function calendarText(calendar: {
  name: string
  language: Language
  events: readonly CalendarEvent[]
}): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `PRODID:-//Refettorio//Mensa scolastica//${calendar.language.toUpperCase()}`,
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escapeText(calendar.name)}`,
    'X-WR-TIMEZONE:Europe/Rome',
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'X-PUBLISHED-TTL:PT1H',
    ...ROME,
    ...calendar.events.flatMap(eventLines),
    'END:VCALENDAR',
  ]
  return `${lines.map(foldLine).join('\r\n')}\r\n`
}
