import { describe, expect, test } from 'vitest'
import {
  type AskedTransfer,
  type LeavingPupil,
  planTransfer,
  registrationOf,
  type TransferFacts,
} from '#lib/people/office/transfer.ts'
import { transferInWords } from '#lib/people/office/transfer.words.ts'

const ASKED: AskedTransfer = {
  ...{
    householdId: 'h',
    toId: 't',
    pupilId: null,
    last: '2026-11-27',
    withDiets: false,
    reason: 'Cambia casa',
  },
}
const ADULT = {
  ...{ fiscalCode: 'CNTLRA85E57H501Y', givenName: 'Laura', familyName: 'Conti', birthDay: null },
  ...{ email: 'laura@example.it', phone: null },
}
const enrolment = (from: string, to: string) => ({
  ...{
    id: from,
    schoolId: 's',
    classId: 'c',
    yearId: 'y',
    dietCode: 'D03',
    severe: true,
    weekdays: null,
    from,
    to,
  },
})
const pupil = (given: Partial<LeavingPupil> = {}): LeavingPupil => ({
  ...{ id: 'g', fiscalCode: null, givenName: 'Greta', familyName: 'Conti', birthDay: '2018-03-02' },
  ...{ where: '3A · Manzoni', isUnderWay: false, rules: [] },
  diet: { name: 'Senza glutine', severe: true, to: '2027-06-05' },
  services: [
    {
      ...{ serviceId: 'v', name: 'Refezione', firstDay: '2026-11-25' },
      enrolments: [enrolment('2026-09-14', '2027-06-05'), enrolment('2027-09-13', '2028-06-05')],
      meals: [
        { day: '2026-11-27', isCancelled: false },
        { day: '2026-11-30', isCancelled: false },
        { day: '2026-12-01', isCancelled: true },
      ],
    },
  ],
  ...given,
})
const facts = (given: Partial<TransferFacts> = {}): TransferFacts => ({
  ...{
    today: '2026-11-24',
    householdName: 'Conti',
    townName: 'Povegliano (VR)',
    holder: ADULT,
    delegates: [],
  },
  ...{ pupils: [pupil()], waiting: 0, accounts: [{ name: 'Refezione', balanceCents: 540, goOn: ['g'] }] },
  ...given,
})
const codeOf = (asked: AskedTransfer, given: Partial<TransferFacts> = {}) => {
  const made = planTransfer(asked, facts(given))
  return made.ok ? 'planned' : made.code
}
const linesOf = (asked: AskedTransfer, given: Partial<TransferFacts> = {}) => {
  const made = planTransfer(asked, facts(given))
  if (!made.ok) throw new Error(made.code)
  return transferInWords(asked, made.value, facts(given)).join('\n').replaceAll('\u00a0', ' ')
}

describe('handing pupils over to another municipality', () => {
  test('ends this enrolment, drops the one of next year, and counts the meals that fall', () => {
    const made = planTransfer(ASKED, facts())
    expect(made.ok && made.value.ends).toEqual([
      {
        ...{ pupilId: 'g', serviceId: 'v', meals: 1 },
        plan: { end: [{ id: '2026-09-14', to: '2026-11-27' }], drop: ['2027-09-13'], rediet: [], enrol: [] },
      },
    ])
    expect(linesOf(ASKED)).toContain('un pasto previsto in meno')
  })

  test('can have the last counted day as its last, and no earlier one', () => {
    expect(codeOf({ ...ASKED, last: '2026-11-24' })).toBe('planned')
    expect(codeOf({ ...ASKED, last: '2026-11-23' })).toBe('enrolments:too-early')
  })

  test('needs a municipality, a holder, and between one and four pupils who are not on their way', () => {
    expect(codeOf(ASKED, { townName: null })).toBe('transfers:no-town')
    expect(codeOf(ASKED, { holder: null })).toBe('transfers:no-holder')
    expect(codeOf(ASKED, { pupils: [] })).toBe('transfers:no-pupil')
    const many = (n: number) => Array.from({ length: n }, (_, at) => pupil({ id: `${at}` }))
    expect([codeOf(ASKED, { pupils: many(4) }), codeOf(ASKED, { pupils: many(5) })]).toEqual([
      'planned',
      'transfers:too-many',
    ])
    expect(codeOf(ASKED, { pupils: [pupil({ isUnderWay: true })] })).toBe('transfers:under-way')
  })

  test('says nothing of a diet unless the family asked for it', () => {
    const without = planTransfer(ASKED, facts())
    expect(without.ok && JSON.stringify(without.value.content)).not.toMatch(/glutine|D03|severe":true/)
    expect(linesOf(ASKED)).toContain('Della dieta non va niente')
    const asked = { ...ASKED, withDiets: true }
    expect(linesOf(asked)).toContain('rischio di reazione grave')
    expect(linesOf(asked)).toContain('Il certificato resta qui')
  })

  test('leaves a credit as a case and a debt where it is, only where no other pupil goes on', () => {
    expect(linesOf(ASKED)).toContain('restano 5,40 €: si apre un rimborso da decidere')
    const account = { name: 'Refezione', balanceCents: -540, goOn: [] }
    expect(linesOf(ASKED, { accounts: [account] })).toContain('restano da pagare qui 5,40 €')
    expect(linesOf(ASKED, { accounts: [{ ...account, goOn: ['g', 'other'] }] })).not.toContain('5,40')
  })

  test('names the delegates of whom the other municipality hears nothing', () => {
    const delegate = (givenName: string) => ({ ...ADULT, givenName })
    expect(linesOf(ASKED, { delegates: [delegate('Marco'), delegate('Ada')] })).toContain(
      'Non si dice chi altro è delegato: Ada Conti.',
    )
  })
})

test('the form of the other municipality begins on the day after, as long as that is to come', () => {
  const made = planTransfer({ ...ASKED, withDiets: true }, facts())
  if (!made.ok) throw new Error(made.code)
  const filled = (today: string) => registrationOf(made.value.content, { last: ASKED.last, today })
  expect(filled('2026-11-26')).toMatchObject({
    ...{
      'pupil1-from': '2026-11-28',
      'pupil1-diet': 'si',
      'pupil1-fiscalCode': '',
      'holder-familyName': 'Conti',
    },
  })
  expect(filled('2026-11-27')).not.toHaveProperty('pupil1-from')
})
