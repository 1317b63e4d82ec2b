import { describe, expect, test } from 'vitest'
import { dayInShort } from '#lib/desk/office-day.ts'
import { dayFiguresInWords, dayStateInWords, dayTitle, noMealsToday } from '#lib/desk/office-day.words.ts'
import { WAITING_KINDS, waitingRule } from '#lib/desk/waiting-work.ts'
import { WAITING_NAMES } from '#lib/desk/waiting-work.words.ts'
import { workNoticeInput } from '#lib/desk/work-notice.input.ts'
import {
  isLastTold,
  type Reachable,
  URGENT_KINDS,
  urgentKindsFor,
  urgentRecipients,
} from '#lib/desk/work-notice.ts'
import { digestMail, urgentMail } from '#lib/desk/work-notice.words.ts'
import { type DeskLine, takeOf, type WorkTake } from '#lib/desk/work-take.ts'
import { ageInWords, takeInWords } from '#lib/desk/work-take.words.ts'
import type { SchoolCount } from '#lib/kitchen/count.ts'

const NOW = new Date('2026-11-24T10:00:00Z')
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000)

const one = (personId: string, role: Reachable['staffRoles'][number], isUrgent = true): Reachable => ({
  ...{ personId, name: personId, address: `${personId}@ufficio.example`, staffRoles: [role], isUrgent },
})
const names = (found: readonly Reachable[]) => found.map(({ personId }) => personId)

const TAKE: WorkTake = {
  ...{ id: 'a', kind: 'requests', takenById: 'anna', takenBy: 'Anna Neri', takenAt: ago(10) },
  ...{ endedAt: null, endedBy: null, isDone: false },
}
const LINE: DeskLine = { kind: 'requests', count: 3, oldest: ago(60), take: TAKE }
const OFFICE = { name: 'Mozzecane', slug: 'mozzecane', origin: 'https://mensa.example.it' }

describe('who hears of urgent work', () => {
  test('are those with the duty who want it, and a manager in any case', () => {
    const manager = one('mara', 'manager')
    const staff = [
      one('olga', 'operator'),
      one('oscar', 'operator', false),
      one('carla', 'accountant'),
      manager,
    ]
    expect(names(urgentRecipients('severe-diets', staff))).toEqual(['olga', 'mara'])
    expect(names(urgentRecipients('payments', staff))).toEqual(['carla', 'mara'])
    const unwilling = staff.map((colleague) => ({ ...colleague, isUrgent: false }))
    expect(names(urgentRecipients('severe-diets', unwilling))).toEqual(['mara'])
  })

  test('keep at least one manager: the last one cannot leave', () => {
    const two = [one('mara', 'manager'), one('mino', 'manager')]
    expect(isLastTold('mara', two)).toBe(false)
    expect(isLastTold('mara', [one('mara', 'manager'), one('mino', 'manager', false)])).toBe(true)
    expect(isLastTold('olga', [one('olga', 'operator'), one('mara', 'manager')])).toBe(false)
  })

  test('hear of the kinds that the rule calls urgent, and of some payments', () => {
    const urgent = WAITING_KINDS.filter((kind) => waitingRule(kind).isUrgent)
    expect(URGENT_KINDS).toEqual([...urgent, 'payments'])
    expect(urgentKindsFor({ staffRoles: ['operator'] })).toEqual([
      'open-days',
      'severe-diets',
      'unseen-counts',
    ])
    expect(urgentKindsFor({ staffRoles: ['editor'] })).toEqual([])
  })
})

describe('a take', () => {
  test('holds for what waited when it was taken, and not for what came afterwards', () => {
    const work = { kind: 'requests', count: 1, oldest: ago(20) } as const
    expect(takeOf(work, [TAKE])).toBe(TAKE)
    expect(takeOf({ ...work, oldest: ago(5) }, [TAKE])).toBeNull()
    expect(takeOf({ ...work, kind: 'diets' }, [TAKE])).toBeNull()
  })

  test('is said with who and since when', () => {
    expect(takeInWords(TAKE, NOW)).toBe('Preso in carico da Anna Neri, da 10 minuti')
    const over = { ...TAKE, endedAt: ago(1), endedBy: 'Olga Bini' }
    expect(takeInWords(over, NOW)).toBe('')
    expect(takeInWords({ ...over, isDone: true }, NOW)).toBe(
      'Fatto, ha scritto Olga Bini il 24/11/2026 alle 10:59: ma ne aspetta ancora',
    )
    expect(takeInWords(null, NOW)).toBe('')
  })

  test.each([
    [0, 'da meno di un minuto'],
    [1, 'da 1 minuto'],
    [59, 'da 59 minuti'],
    [60, 'da 1 ora'],
    [23 * 60 + 59, 'da 23 ore'],
    [24 * 60, 'da 1 giorno'],
    [50 * 60, 'da 2 giorni'],
    [-5, 'da meno di un minuto'],
  ])('of %i minutes is “%s” old', (minutes, words) => {
    expect(ageInWords(ago(minutes), NOW)).toBe(words)
  })
})

describe('a mail about work', () => {
  test('of the day says how much, since when and who has it', () => {
    const mail = digestMail(OFFICE, [LINE, { ...LINE, kind: 'payments', count: 1, take: null }], NOW)
    expect(mail.subject).toBe('4 cose aspettano l’ufficio della mensa di Mozzecane')
    expect(mail.text).toContain(
      '- 3 domande da decidere, da 1 ora (Preso in carico da Anna Neri, da 10 minuti)',
    )
    expect(mail.text).toContain('- 1 pagamento da sistemare, da 1 ora\n')
    expect(mail.text).toContain('https://mensa.example.it/admin/mozzecane/avvisi')
  })

  test.each(URGENT_KINDS)('about %s says where to go', (kind) => {
    const mail = urgentMail(OFFICE, { kind, count: 2, place: waitingRule(kind).place })
    expect(mail.subject).toMatch(/^Urgente, Mozzecane: 2 /)
    expect(mail.text).toContain(`https://mensa.example.it/admin/mozzecane/${waitingRule(kind).place}`)
  })

  test('knows every kind by name', () => {
    expect(Object.keys(WAITING_NAMES).toSorted()).toEqual([...WAITING_KINDS].toSorted())
  })
})

describe('the form of the notices', () => {
  test.each([
    [{ email: ' anna@ufficio.it ', digest: '8', urgent: 'si' }, true],
    [{ email: '', digest: 'mai' }, true],
    [{ email: 'anna', digest: 'mai' }, false],
    [{ email: '', digest: '24' }, false],
    [{ email: '', digest: '-1' }, false],
  ])('%o is good: %s', (form, isGood) => {
    expect(workNoticeInput.safeParse(form).success).toBe(isGood)
  })
})

describe('a day in short', () => {
  const school = (
    state: SchoolCount['state'],
    lines: Partial<SchoolCount['lines'][number]>[],
  ): SchoolCount => ({
    ...{
      schoolId: 's',
      schoolName: 'Alfa',
      ...{ serviceId: 'v', serviceName: 'Mensa', isCooked: true },
      state,
      cutoffAt: new Date('2026-11-24T08:30:00Z'),
      version: null,
    },
    ...{ frozenAt: null, kitchenName: null, reason: '', charge: null },
    lines: lines.map((line) => ({
      ...{
        schoolId: 's',
        serviceId: 'v',
        className: '3A',
        dietCode: 'STD',
        meals: 0,
        absent: 0,
        severe: 0,
        asked: 0,
      },
      ...line,
    })),
  })

  const inShort = (day: string, schools: SchoolCount[]) =>
    dayInShort(
      day,
      schools,
      schools.flatMap(({ lines }) => lines),
    )

  test('leaves out a service for which no kitchen cooks', () => {
    const transport = {
      ...school('provisional', [{ meals: 30, serviceId: 'w' }]),
      serviceId: 'w',
      isCooked: false,
    }
    const short = inShort('2026-11-24', [school('provisional', [{ meals: 12 }]), transport])
    expect(short).toMatchObject({
      meals: 12,
      schools: 1,
    })
  })

  test('sums what is served, in the schools that are not suspended', () => {
    const day = inShort('2026-11-24', [
      school('provisional', [
        { meals: 20, absent: 3 },
        { dietCode: 'D03', meals: 1, severe: 1 },
        { dietCode: 'DA-DEFINIRE', meals: 2 },
      ]),
      school('suspended', []),
    ])
    expect(day).toMatchObject({ schools: 1, meals: 23, absent: 3, special: 1, undecided: 2, severe: 1 })
    expect(dayFiguresInWords(day)).toBe(
      'In 1 scuola, 3 assenti, 1 dieta, 2 diete da definire e 1 con rischio di reazione grave.',
    )
    expect(dayStateInWords(day)).toBe('Le famiglie possono ancora cambiare.')
    expect(day.cutoffAt).toEqual(new Date('2026-11-24T08:30:00Z'))
  })

  test('names the next one where today has no meals', () => {
    const next = inShort('2026-11-30', [school('provisional', [])])
    expect(noMealsToday({ today: '2026-11-29', days: [next] })).toBe(
      'Oggi, domenica 29 novembre, non c’è mensa.',
    )
    expect(dayTitle('2026-11-30', '2026-11-29')).toBe('Prossimo giorno di mensa: lunedì 30 novembre')
    expect(noMealsToday({ today: '2026-11-30', days: [next] })).toBe('')
    expect(noMealsToday({ today: '2027-07-10', days: [] })).toContain('non c’è un altro giorno')
  })
})
