import { addDays, type Day, daysBetween, type Weekday, weekdayOf } from '#lib/kernel/day.ts'

export type DemoYear = { name: string; startsOn: Day; endsOn: Day; serviceFrom: Day; serviceTo: Day }
export type DemoClosure = { day: Day; reason: string }

const atOrAfter = (day: Day, weekday: Weekday): Day => addDays(day, (weekday - weekdayOf(day) + 7) % 7)

/**
 * The school year that contains `today`, 1 September to 31 August. Lessons in Veneto run from mid September to early June;
 * in summer the demonstration goes on as a summer service, past the end of the year if need be: there is always a next day
 * to cancel.
 */
export function schoolYearOf(today: Day): DemoYear {
  const year = Number(today.slice(0, 4)) - (today.slice(5) < '09-01' ? 1 : 0)
  const lessonsEnd = atOrAfter(`${year + 1}-06-03`, 5)
  const living = addDays(today, 45)
  return {
    name: `${year}/${year + 1}`,
    startsOn: `${year}-09-01`,
    endsOn: `${year + 1}-08-31`,
    serviceFrom: today < `${year}-09-20` ? `${year}-09-01` : atOrAfter(`${year}-09-09`, 1),
    serviceTo: today > addDays(lessonsEnd, -14) && living > lessonsEnd ? living : lessonsEnd,
  }
}

/** Easter Sunday of a Gregorian year (the computus of Meeus, Jones and Butcher). */
export function easterOf(year: number): Day {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const month = Math.floor((h + l - 7 * m + 114) / 31)
  const date = ((h + l - 7 * m + 114) % 31) + 1
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
}

/** The days without school that the Veneto calendar has every year. */
export function venetoClosures(year: DemoYear): DemoClosure[] {
  const first = Number(year.startsOn.slice(0, 4))
  const second = first + 1
  const easter = easterOf(second)
  const span = (from: Day, to: Day, reason: string) => daysBetween(from, to).map((day) => ({ day, reason }))
  return [
    ...span(`${first}-11-01`, `${first}-11-02`, 'Ognissanti'),
    ...span(`${first}-12-08`, `${first}-12-08`, 'Immacolata Concezione'),
    ...span(`${first}-12-24`, `${second}-01-06`, 'Vacanze di Natale'),
    ...span(addDays(easter, -48), addDays(easter, -46), 'Carnevale e mercoledì delle Ceneri'),
    ...span(addDays(easter, -3), addDays(easter, 2), 'Vacanze di Pasqua'),
    ...span(`${second}-04-25`, `${second}-04-25`, 'Festa della Liberazione'),
    ...span(`${second}-05-01`, `${second}-05-01`, 'Festa del Lavoro'),
    ...span(`${second}-06-02`, `${second}-06-02`, 'Festa della Repubblica'),
    ...span(`${second}-06-29`, `${second}-06-29`, 'Santi Pietro e Paolo'),
    ...span(`${second}-08-10`, `${second}-08-21`, 'Chiusura estiva'),
  ]
}
