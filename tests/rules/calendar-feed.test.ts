import { describe, expect, test } from 'vitest'
import { alarmTime, type FeedDay, feedEvents } from '#lib/feeds/feed.ts'
import { calendarText, escapeText, foldLine } from '#lib/feeds/ical.ts'
import { type Day, instantInRome } from '#lib/kernel/day.ts'
import { rateLimit } from '#lib/kernel/limits.ts'
import { loggedPath } from '#lib/kernel/logged-path.ts'
import type { StateKind } from '#lib/meals/meal-state.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { italian, type Words } from '#lib/words/language.ts'
import { instantOf, parseCalendar } from '#tests/support/ical.ts'
import fc from '#tests/support/random.ts'

const day = (on: Day, kind: StateKind = 'present', given: Partial<FeedDay> = {}): FeedDay => ({
  state: { day: on, kind, cutoffAt: instantInRome(on, '09:30'), why: kind === 'closed' ? 'Sciopero' : null },
  dishes: ['Pasta al pomodoro', 'Mela'],
  lastModified: new Date('2026-11-20T10:00:00Z'),
  ...given,
})

const options = { alarmMinutes: 45, url: 'https://mensa.example.it/mozzecane/oggi', host: 'mensa.example.it' }
const calendar = (days: FeedDay[], alarmMinutes: number | null = 45, t: Words = italian) =>
  calendarText({
    name: 'Mensa di Greta',
    language: t.language,
    events: feedEvents(days, { pupilId: 'p1', givenName: 'Greta' }, { ...options, alarmMinutes, t }),
  })
const events = (days: FeedDay[], alarmMinutes: number | null = 45, t: Words = italian) =>
  parseCalendar(calendar(days, alarmMinutes, t)).events

describe('a child’s calendar', () => {
  test('speaks the language of its reader; dishes and the reason of a closure are not translated', () => {
    const found = events(
      [day('2026-11-24'), day('2026-11-25', 'absent'), day('2026-11-26', 'closed')],
      45,
      wordsIn('en'),
    )
    expect(found.map((event) => [event.SUMMARY, event.DESCRIPTION])).toEqual([
      [
        'School lunch: Greta',
        'It can be cancelled until 9:30.\nCommon menu: Pasta al pomodoro; Mela.\nThe school decides the time of lunch: the one here is approximate.',
      ],
      ['School lunch: Greta is absent', 'The meal is cancelled.'],
      ['No school lunch for Greta', 'The canteen is closed: Sciopero.'],
    ])
    expect(found[0]?.alarms[0]).toMatchObject({
      DESCRIPTION: 'Greta eats at the canteen: you can cancel until 9:30',
    })
    expect(calendar([], null, wordsIn('en'))).toContain('PRODID:-//Refettorio//Mensa scolastica//EN')
  })

  test('speaks Arabic, with hours and dishes as they are written here', () => {
    const [event, absent] = events([day('2026-11-24'), day('2026-11-25', 'absent')], 45, wordsIn('ar'))
    expect(event?.SUMMARY).toBe('المطعم: Greta')
    expect(event?.DESCRIPTION).toMatch(/09:30[\s\S]*Pasta al pomodoro/)
    expect(event?.alarms[0]?.DESCRIPTION).toContain('Greta')
    expect(absent?.SUMMARY).toMatch(/Greta/)
    for (const said of [event, absent]) expect(said?.DESCRIPTION).not.toMatch(/Si può|pasto|Menù/)
    expect(calendar([], null, wordsIn('ar'))).toContain('PRODID:-//Refettorio//Mensa scolastica//AR')
  })

  test('has one event per meal, with the dishes and the deadline', () => {
    const [event] = events([day('2026-11-24')])
    expect(event).toMatchObject({
      UID: '2026-11-24.p1@mensa.example.it',
      SUMMARY: 'Mensa: Greta',
      SEQUENCE: '59479200',
      DTSTAMP: '20261120T100000Z',
      'LAST-MODIFIED': '20261120T100000Z',
    })
    expect(event?.DESCRIPTION).toContain('Si può disdire fino alle 9:30.')
    expect(event?.DESCRIPTION).toContain('Menù comune: Pasta al pomodoro; Mela.')
  })

  test('shows an absence and a closure without dishes and without an alarm', () => {
    const found = events([
      day('2026-11-24', 'absent'),
      day('2026-11-25', 'closed'),
      day('2026-11-26', 'unplanned'),
    ])
    expect(found.map((event) => [event.SUMMARY, event.DESCRIPTION, event.alarms.length])).toEqual([
      ['Mensa: Greta è assente', 'Il pasto è disdetto.', 0],
      ['Niente mensa per Greta', 'La mensa è chiusa: Sciopero.', 0],
    ])
  })

  test('rings before the deadline, also when that is the day before', () => {
    const [event] = events([day('2026-11-24')])
    expect(event?.alarms).toEqual([expect.objectContaining({ ACTION: 'DISPLAY', TRIGGER: '-PT3H45M' })])
    const early = day('2026-11-24')
    early.state.cutoffAt = instantInRome('2026-11-22', '15:00')
    expect(events([early])[0]?.alarms[0]?.TRIGGER).toBe('-P1DT22H15M')
    expect(events([day('2026-11-24')], null)[0]?.alarms).toEqual([])
    expect(events([day('2026-11-24', 'presentLate')])[0]?.alarms).toEqual([])
  })

  test('keeps the wall clock across both changes of time', () => {
    const days = ['2026-03-27', '2026-03-30', '2026-10-23', '2026-10-26', '2027-03-26', '2027-03-29']
    for (const event of events(days.map((on) => day(on)))) {
      const on = event.UID?.slice(0, 10) as string
      expect(event['DTSTART;TZID=Europe/Rome']).toBe(`${on.replaceAll('-', '')}T123000`)
      // Read through the calendar's own VTIMEZONE, the event is at 12:30 in Italy, and the alarm at 8:45.
      const start = instantOf(event['DTSTART;TZID=Europe/Rome'] as string, calendar([]))
      expect(start).toEqual(instantInRome(on, '12:30'))
      expect(new Date(start.getTime() - (3 * 60 + 45) * 60_000)).toEqual(instantInRome(on, '08:45'))
    }
  })

  test('changes its zone on the last Sundays of March and October of every year', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 365 * 20 }), (days) => {
        const on = new Date(Date.UTC(2020, 0, 1 + days)).toISOString().slice(0, 10)
        const read = instantOf(`${on.replaceAll('-', '')}T123000`, calendar([]))
        expect(read).toEqual(instantInRome(on, '12:30'))
      }),
    )
  })

  test('gives the same bytes for the same days; a change raises sequence and stamp, and keeps the UID', () => {
    expect(calendar([day('2026-11-24')])).toBe(calendar([day('2026-11-24')]))
    const later = { lastModified: new Date('2026-11-24T06:00:00Z') }
    const [[before], [after]] = [events([day('2026-11-24')]), events([day('2026-11-24', 'absent', later)])]
    expect(after?.UID).toBe(before?.UID)
    expect(Number(after?.SEQUENCE)).toBeGreaterThan(Number(before?.SEQUENCE))
  })
})

describe('the iCalendar format', () => {
  test('ends every line with CRLF after at most 75 octets, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (words) => {
        const whole = calendar([day('2026-11-24', 'present', { dishes: [words] })])
        expect(whole.endsWith('END:VCALENDAR\r\n')).toBe(true)
        for (const line of whole.split('\r\n')) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
          expect(line).not.toMatch(/[\r\n]/)
        }
        expect(parseCalendar(whole).events).toHaveLength(1)
      }),
    )
  })

  test('unfolds a folded line to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (line) => {
        const oneLine = line.replace(/[\r\n]/g, '')
        expect(foldLine(oneLine).replaceAll('\r\n ', '')).toBe(oneLine)
      }),
    )
  })

  test('escapes every character that has a meaning of its own', () => {
    expect(escapeText('a;b,c\\d\r\ne\nf\u0007')).toBe('a\\;b\\,c\\\\d\\ne\\nf')
    const [event] = events([
      day('2026-11-24', 'present', { dishes: ['Riso, piselli; "in bianco"\nEND:VEVENT'] }),
    ])
    expect(event?.DESCRIPTION).toContain('Riso, piselli; "in bianco"')
  })
})

test('an alarm is named by its hour: 45 minutes before 9:30 is 8:45', () => {
  expect(alarmTime('9:30', 45)).toBe('8:45')
  expect(alarmTime('0:10', 30)).toBe('23:40')
})

test('a rate limit accepts a number of events per window, for each key by itself', () => {
  let now = 0
  const allowed = rateLimit(2, 1_000, () => now)
  expect([allowed('a'), allowed('a'), allowed('a'), allowed('b')]).toEqual([true, true, false, true])
  now = 999
  expect(allowed('a')).toBe(false)
  now = 1_000
  expect(allowed('a')).toBe(true)
})

test('a log never has a secret address, nor a query', () => {
  const token = 'aB3_-'.repeat(9).slice(0, 43)
  expect(loggedPath(`/api/calendario/${token}.ics`)).toBe('/api/calendario/….ics')
  expect(loggedPath(`/mozzecane/invito/${token}?x=1`)).toBe('/mozzecane/invito/…')
  expect(loggedPath('/mozzecane/menu-figli?figlio=01a20880-2b9d-7305-b94f-e3d9f5d90352')).toBe(
    '/mozzecane/menu-figli',
  )
  expect(loggedPath('/a/01a20880-2b9d-7305-b94f-e3d9f5d90352')).toBe(
    '/a/01a20880-2b9d-7305-b94f-e3d9f5d90352',
  )
})
