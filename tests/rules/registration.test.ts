import { describe, expect, test } from 'vitest'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import type { Weekday } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { registrationInput } from '#lib/people/office/registration.input.ts'
import {
  type AskedRegistration,
  type PupilFacts,
  planRegistration,
  type RegistrationFacts,
} from '#lib/people/office/registration.ts'

const [CLASS, SERVICE] = ['01890000-0000-7000-8000-000000000001', '01890000-0000-7000-8000-000000000002']
const MOTHER = { givenName: 'Laura', familyName: 'Conti', birthDay: '1986-04-12', sex: 'F' } as const
const CHILD = { givenName: 'Greta', familyName: 'Albertini', birthDay: '2018-03-21', sex: 'F' } as const

const FORM = {
  'holder-fiscalCode': makeFiscalCode(MOTHER).toLowerCase(),
  'holder-givenName': ' Laura ',
  'holder-familyName': 'Conti',
  'pupil1-fiscalCode': makeFiscalCode(CHILD),
  'pupil1-givenName': 'Greta',
  'pupil1-familyName': 'Albertini',
  'pupil1-classId': CLASS,
  'pupil1-services': [SERVICE],
  // What the browser proposes in a block that was left empty.
  'pupil2-services': [SERVICE],
  'pupil3-classId': CLASS,
}

describe('the form of a registration', () => {
  test('has no person in a block that was left empty', () => {
    const { asked } = registrationInput.parse(FORM)
    expect(asked).toMatchObject({
      householdId: null,
      holder: { fiscalCode: makeFiscalCode(MOTHER), givenName: 'Laura', birthDay: null, phone: null },
      delegate: null,
      pupils: [{ block: 'pupil1', serviceIds: [SERVICE], from: null, asksDiet: false }],
    })
  })

  test('gives back what was typed, by field, and needs no holder for a household that is there', () => {
    const { typed } = registrationInput.parse(FORM)
    expect(typed).toMatchObject({ 'holder-givenName': ' Laura ', 'pupil1-services[]': SERVICE })
    const { asked } = registrationInput.parse({ ...FORM, householdId: CLASS, 'holder-fiscalCode': '' })
    expect(asked).toMatchObject({ householdId: CLASS, holder: null })
  })

  test('names each wrong field of each person', () => {
    const wrong = registrationInput.safeParse({ ...FORM, 'holder-familyName': '', 'pupil4-givenName': 'Ugo' })
    const fields = wrong.error?.issues.map(({ path }) => path[0])
    expect(fields).toEqual(
      expect.arrayContaining(['holder-familyName', 'pupil4-birthDay', 'pupil4-familyName', 'pupil4-classId']),
    )
  })
})

const PLACE = {
  ...{ serviceId: SERVICE, serviceName: 'Refezione', classId: CLASS, className: '3A', schoolId: 's' },
  ...{
    schoolName: 'Primaria',
    yearId: 'y',
    yearEndsOn: '2027-08-31',
    from: '2026-09-14',
    to: '2027-06-05',
    firstDay: '2026-11-25',
  },
  weekdays: [1, 2, 3, 4, 5] as Weekday[],
  openDays: ['2026-11-26', '2026-11-30'],
}
const pupilFacts = (given: Partial<PupilFacts> = {}): PupilFacts => ({
  ...{ known: null, adultName: null, namesakes: [], places: [PLACE], priceOn: () => 540, bands: [] },
  ...given,
})
const facts = (given: Partial<RegistrationFacts> = {}): RegistrationFacts => ({
  ...{ today: '2026-11-24', household: null, delegate: null, sent: null },
  holder: { known: null, isPupil: false, namesakes: [] },
  pupils: [pupilFacts()],
  ...given,
})
const asked = (given: Record<string, unknown> = {}): AskedRegistration =>
  registrationInput.parse({ ...FORM, ...given }).asked

const plan = (given: Record<string, unknown>, of: RegistrationFacts = facts()) => {
  const planned = planRegistration(asked(given), of)
  if (!planned.ok) throw new Error(planned.code)
  return planned.value
}

describe('what a registration would do', () => {
  test('begins on the first day that is not counted, and says the first meal with its price', () => {
    const { pupils, lines, householdName } = plan({})
    expect(householdName).toBe('Albertini')
    expect(pupils).toMatchObject([{ birthDay: '2018-03-21', enrolments: [{ from: '2026-11-25' }] }])
    const words = lines.join('\n').replaceAll('\u00a0', ' ')
    expect(words).toContain('dal 25 novembre 2026 al 5 giugno 2027')
    expect(words).toContain('Il primo pasto di Greta Albertini è il 26 novembre 2026')
    expect(words).toContain('(5,40 €)')
  })

  test('eats on the asked weekdays: the first meal is one of them, and none outside the school’s week is taken', () => {
    const { pupils, lines } = plan({ 'pupil1-weekdays': 'lun, mer' })
    expect(pupils).toMatchObject([{ enrolments: [{ weekdays: [1, 3] }] }])
    const words = lines.join('\n')
    expect(words).toContain('Mangia solo alcuni giorni: lunedì e mercoledì.')
    expect(words).toContain('Il primo pasto di Greta Albertini è il 30 novembre 2026')
    expect(plan({ 'pupil1-weekdays': 'lun mar mer gio ven sab' }).pupils).toMatchObject([
      { enrolments: [{ weekdays: null }] },
    ])
    expect(planRegistration(asked({ 'pupil1-weekdays': 'sab' }), facts())).toMatchObject({
      fields: { 'pupil1-weekdays': 'registration:no-weekday' },
    })
    const wrong = registrationInput.safeParse({ ...FORM, 'pupil1-weekdays': 'lunedi pippo' })
    expect(wrong.error?.issues.map(({ path }) => path[0])).toEqual(['pupil1-weekdays'])
  })

  test('begins in the asked band, until the year ends, and says the price of the first meal in it', () => {
    const band = { code: 'B', name: 'Fascia B', description: '', priceCents: 320 as Cents }
    const prices = [{ validFrom: '2026-09-01', priceCents: 320 as Cents }]
    const of = facts({
      pupils: [
        pupilFacts({
          bands: [{ ...band, prices }],
          priceOn: (_, day, fares) =>
            (fares.some(({ from, to }) => from <= day && day <= to) ? 320 : 540) as Cents,
        }),
      ],
    })
    const { pupils, lines } = plan({ 'pupil1-band': `${SERVICE}:B` }, of)
    expect(pupils[0]?.fare).toMatchObject({
      ...{ serviceId: SERVICE },
      plan: { fare: { bandCode: 'B', from: '2026-11-25', to: '2027-08-31' } },
    })
    const words = lines.join('\n').replaceAll('\u00a0', ' ')
    expect(words).toContain('si addebita (3,20 €)')
    expect(words).toContain('si paga nella fascia Fascia B: 3,20 €')
    expect(words).not.toContain('già addebitati')
    expect(plan({}, of).pupils[0]?.fare).toBeNull()
  })

  test('is refused at the field of a band that is closed, or of a service that the pupil has not', () => {
    const wrong = (value: string) => planRegistration(asked({ 'pupil1-band': value }), facts())
    const field = (code: string) => ({ ok: false, code, fields: { 'pupil1-band': code } })
    expect(wrong(`${SERVICE}:B`)).toMatchObject(field('tariffs:choose-band'))
    expect(wrong(`${CLASS}:B`)).toMatchObject(field('registration:band-without-service'))
    const issues = registrationInput.safeParse({ ...FORM, 'pupil1-band': 'intero' }).error?.issues
    expect(issues?.map(({ path }) => path[0])).toEqual(['pupil1-band'])
  })

  test('begins later as asked, and says when no meal is in the calendar yet', () => {
    const { pupils, lines } = plan({ 'pupil1-from': '2026-12-01' })
    expect(pupils[0]?.enrolments[0]?.from).toBe('2026-12-01')
    expect(lines.join('\n')).toContain('non c’è ancora un giorno di mensa in calendario')
  })

  test('is nothing where the code is registered, and a doubt where name and birth day are', () => {
    const known = {
      id: 'g',
      eats: true,
      name: 'Greta Albertini',
      householdId: 'h',
      householdName: 'Albertini',
    }
    expect(plan({}, facts({ pupils: [pupilFacts({ known })] }))).toMatchObject({
      ...{ isBlocked: true, isDoubtful: false, lines: [] },
      doubles: [{ householdId: 'h', why: 'ha già questo codice fiscale' }],
    })
    const namesake = { ...known, birthDay: '2018-03-21', fiscalCode: 'X' }
    expect(plan({}, facts({ pupils: [pupilFacts({ namesakes: [namesake] })] }))).toMatchObject({
      ...{ isBlocked: false, isDoubtful: true },
      doubles: [{ householdName: 'Albertini' }],
    })
  })

  test('names a holder who pays for another family, and keeps the registered name', () => {
    const holder = {
      known: {
        ...{ id: 'p', givenName: 'Laura Maria', familyName: 'Conti', birthDay: null, holds: ['Rossi'] },
        households: [{ id: 'h2', name: 'Rossi' }],
      },
      isPupil: false,
      namesakes: [],
    }
    const planned = plan({}, facts({ holder }))
    expect(planned.doubles).toMatchObject([{ name: 'Laura Maria Conti', householdId: 'h2' }])
    expect(planned.lines.join('\n')).toContain('Laura Maria Conti è già nell’anagrafe')
  })
})
