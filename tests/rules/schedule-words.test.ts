import { describe, expect, test } from 'vitest'
import { scheduledCutoffInWords, timeInWords, weekdaysInWords } from '#lib/school/schedule.words.ts'
import { commonCutoff, commonWeekdays } from '#lib/school/service.words.ts'
import { timeLeftInWords } from '#lib/words/countdown.ts'

describe('the days of a service are said', () => {
  test.each([
    [[2, 3, 4, 5], 'da martedì a venerdì'],
    [[5, 1, 3, 2, 4], 'da lunedì a venerdì'],
    [[1, 3], 'lunedì e mercoledì'],
    [[1, 2], 'lunedì e martedì'],
    [[1, 3, 5], 'lunedì, mercoledì e venerdì'],
    [[4], 'giovedì'],
  ])('%j → %s', (weekdays, words) => expect(weekdaysInWords(weekdays)).toBe(words))

  test('and a service without days is refused', () => expect(() => weekdaysInWords([])).toThrow())
})

describe('the cutoff is said', () => {
  test.each([
    ['09:30:00', 0, 'le 9:30 del giorno stesso'],
    ['15:00:00', 1, 'le 15:00 del giorno prima'],
    ['12:05', 3, 'le 12:05 di 3 giorni prima'],
    ['01:00', 0, 'l’1:00 del giorno stesso'],
  ])('%s, %i days before → %s', (time, days, words) => expect(scheduledCutoffInWords(time, days)).toBe(words))

  test('midnight keeps its zero', () => expect(timeInWords('00:05:00')).toBe('0:05'))
})

describe('what is common to every school', () => {
  const school = (weekdays: number[], cutoffTime: string) => ({
    name: 'Scuola',
    kind: 'primaria' as const,
    weekdays,
    cutoffTime,
    cutoffDaysBefore: 0,
    startsOn: '2026-09-14',
    endsOn: '2027-06-05',
  })
  test('is said once', () => {
    const schools = [school([1, 2, 3, 4, 5], '09:30'), school([1, 2, 3, 4, 5], '09:30')]
    expect(commonCutoff(schools)).toBe('le 9:30 del giorno stesso')
    expect(commonWeekdays(schools)).toBe('da lunedì a venerdì')
  })
  test('is not said where one school differs, or there is none', () => {
    const schools = [school([1, 2, 3, 4, 5], '09:30'), school([2, 3, 4, 5], '09:00')]
    expect(commonCutoff(schools)).toBeNull()
    expect(commonWeekdays(schools)).toBeNull()
    expect(commonCutoff([])).toBeNull()
  })
})

describe('the time left never promises more than there is', () => {
  const second = 1_000
  const minute = 60 * second
  const hour = 60 * minute
  test.each([
    [0, null],
    [-1, null],
    [1, 'manca meno di un minuto'],
    [59_999, 'manca meno di un minuto'],
    [minute, 'manca 1 minuto'],
    [2 * minute - 1, 'manca 1 minuto'],
    [12 * minute, 'mancano 12 minuti'],
    [hour, 'manca 1 ora'],
    [hour + minute, 'mancano 1 ora e 1 minuto'],
    [2 * hour + 5 * minute, 'mancano 2 ore e 5 minuti'],
    [24 * hour, 'manca 1 giorno'],
    [49 * hour, 'mancano 2 giorni'],
  ])('%i ms → %s', (millis, words) => expect(timeLeftInWords(millis)).toBe(words))
})
