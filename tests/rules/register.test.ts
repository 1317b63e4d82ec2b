import { describe, expect, test } from 'vitest'
import { AUDIT_ACTIONS, operationInWords, READING } from '#lib/audit/audit-event.words.ts'
import {
  readCursor,
  readRegisterFilter,
  registerQuery,
  writeCursor,
} from '#lib/privacy/office/register.address.ts'
import { actionsOf, isRegisterKind, REGISTER_KINDS, type RegisterLine } from '#lib/privacy/office/register.ts'
import {
  actInWords,
  actorInWords,
  changesInWords,
  subjectInWords,
  whyInWords,
} from '#lib/privacy/office/register.words.ts'
import { italian } from '#lib/words/language.ts'

const TODAY = '2026-11-24'
const ID = '0192f0c0-0000-7000-8000-000000000001'
const CURSOR = { at: '2026-11-20T09:15:00.123456Z', id: ID }

const line = (
  action: string,
  details: RegisterLine['details'],
  names: RegisterLine['names'] = {},
): RegisterLine => ({
  cursor: CURSOR,
  at: new Date(CURSOR.at),
  ...{ who: 'Anna Neri', isOffice: true, action, outcome: 'done', objectType: 'pupil', objectId: ID },
  subject: { name: 'Greta Albertini', householdId: ID },
  details,
  names,
})

describe('every operation of the register', () => {
  test('has words of its own, and none the words of another', () => {
    const words = AUDIT_ACTIONS.map((action) => italian(operationInWords(action)))
    expect(words.filter((text, at) => text === AUDIT_ACTIONS[at])).toEqual([])
    expect(words.filter((text, at) => words.indexOf(text) !== at)).toEqual([])
  })

  test('belongs to one kind that a search may be narrowed to', () => {
    const kinds = Object.keys(REGISTER_KINDS).filter(isRegisterKind)
    const placed = kinds.flatMap(actionsOf)
    expect(placed.toSorted()).toEqual([...AUDIT_ACTIONS].toSorted())
  })

  test('only reads where its last word says so', () => {
    const reads = AUDIT_ACTIONS.filter((action) => new RegExp(READING).test(action))
    expect(reads).toContain('household.read')
    expect(reads).toContain('registers:family-read')
    expect(
      reads.map((action) => italian(operationInWords(action))).filter((text) => /decisa|cambia/.test(text)),
    ).toEqual([])
  })
})

describe('the address of a search in the register', () => {
  test('without anything looks at the last thirty days', () => {
    expect(readRegisterFilter({}, TODAY)).toMatchObject({
      ...{
        from: '2026-10-25',
        to: TODAY,
        kind: null,
        colleagueId: null,
        colleagueName: '',
        text: '',
        readings: false,
        after: null,
      },
    })
  })

  test('leads back to the same search', () => {
    const query = {
      dal: '2026-11-01',
      al: '2026-11-20',
      tipo: 'diete',
      chi: ID,
      testo: 'Rossi',
      letture: 'si',
    }
    const filter = readRegisterFilter({ ...query, famiglia: ID, dopo: writeCursor(CURSOR) }, TODAY)
    expect(filter).toMatchObject({
      kind: 'diete',
      colleagueId: ID,
      colleagueName: '',
      householdId: ID,
      readings: true,
      after: CURSOR,
    })
    expect(readRegisterFilter(Object.fromEntries(registerQuery(filter)), TODAY)).toEqual(filter)
  })

  test.each([
    ['dal', 'ieri'],
    ['tipo', 'toString'],
    ['dopo', '2026-13-45T09:15:00.123456Z_0192f0c0-0000-7000-8000-000000000001'],
    ['dopo', 'ieri'],
  ])('takes %s=%s for not said', (name, value) => {
    expect(readRegisterFilter({ [name]: value }, TODAY)).toEqual(readRegisterFilter({}, TODAY))
  })

  test('takes for the name of a colleague what is no id, and leads back to it', () => {
    const filter = readRegisterFilter({ chi: "D'Angelo  Ada" }, TODAY)
    expect(filter).toMatchObject({ colleagueId: null, colleagueName: "D'Angelo Ada" })
    expect(readRegisterFilter(Object.fromEntries(registerQuery(filter)), TODAY)).toEqual(filter)
  })

  test('puts a period right that is turned round', () => {
    expect(readRegisterFilter({ dal: '2026-11-20', al: '2026-11-01' }, TODAY)).toMatchObject({
      from: '2026-11-01',
      to: '2026-11-20',
    })
  })

  test('refuses the place of a line on a day that is none', () => {
    expect(readCursor(`2026-02-31T09:15:00.123456Z_${ID}`)).toBeNull()
  })
})

describe('a line of the register in words', () => {
  test.each<[string, RegisterLine['details'], RegisterLine['names'], string[]]>([
    [
      'diets.decided',
      { pupil: ID, before: 'STD', after: 'D03', from: '2026-12-01', to: '', reason: 'Certificato' },
      { [ID]: 'Greta Albertini' },
      ['Greta Albertini', 'dieta: da dieta comune a D03', 'dal 01/12/2026'],
    ],
    [
      'enrolments.weekdays',
      { before: 'tutti i giorni di mensa della scuola', after: 'lunedì e mercoledì', from: '2026-12-01' },
      {},
      ['giorni: lunedì e mercoledì; prima tutti i giorni di mensa della scuola', 'dal 01/12/2026'],
    ],
    [
      'enrolments.moved',
      { before: 'Primaria Alfa, 3A', after: 'Primaria Alfa, 4B', from: '2026-12-01' },
      {},
      ['classe: da Primaria Alfa, 3A a Primaria Alfa, 4B', 'dal 01/12/2026'],
    ],
    [
      'enrolments.ended',
      { before: '2027-06-30', last: '2026-12-23' },
      {},
      ['ultimo giorno: da 30/06/2027 a 23/12/2026'],
    ],
    [
      'tariffs.price-set',
      { cents: 560, centsBefore: 540, from: '2027-01-01' },
      {},
      ['prezzo: da 5,40\u00a0€ a 5,60\u00a0€', 'dal 01/01/2027'],
    ],
    [
      'tariffs.fare-given',
      { pupil: ID, band: 'B', before: '', from: '2026-12-01', to: '2027-06-30' },
      { [ID]: 'Greta Albertini' },
      ['Greta Albertini', 'fascia: da prezzo intero a B', 'dal 01/12/2026 al 30/06/2027'],
    ],
    [
      'staff:end-changed',
      { role: 'operator', before: null, to: '2027-01-31' },
      {},
      ['Operatrice o operatore', 'ultimo giorno: 31/01/2027'],
    ],
    [
      'structure.week-changed',
      {
        weekdaysBefore: '1,2,3,4,5',
        weekdays: '1,2,3,4',
        cutoffBefore: '09:30',
        cutoff: '09:00',
        from: '2027-01-11',
      },
      {},
      [
        'giorni: da lunedì a giovedì; prima da lunedì a venerdì',
        'termine: da 09:30 a 09:00',
        'dall’11/01/2027',
      ],
    ],
    [
      'registry:corrected',
      { fields: 'familyName fiscalCode', reason: 'Refuso' },
      {},
      ['corretti: cognome, codice fiscale'],
    ],
    [
      'forms.accepted',
      { submission: ID, diet: 'D03', dietBefore: 'STD', from: null },
      { [ID]: 'Greta Albertini, domanda 3/2026' },
      ['Greta Albertini, domanda 3/2026', 'dieta: da dieta comune a D03'],
    ],
  ])('%s says from what to what', (action, details, names, changes) => {
    expect(changesInWords(line(action, details, names))).toEqual(changes)
  })

  test('an earlier version wrote less, and reads well all the same', () => {
    expect(changesInWords(line('diets.decided', { from: '2026-10-01', to: null }))).toEqual([
      'dal 01/10/2026',
    ])
    expect(changesInWords(line('enrolments.moved', { class: ID }, { [ID]: 'Primaria Alfa, 3A' }))).toEqual([
      'classe: Primaria Alfa, 3A',
    ])
    expect(changesInWords(line('pupil:read', { anything: 1 }))).toEqual([])
    expect(changesInWords(line('structure.school-changed', { before: 'Alfa', name: 'Beta' }))).toEqual([
      'nome: da Alfa a Beta',
    ])
  })

  test('says who, on whom, and why', () => {
    const told = line('diets.decided', { reason: 'Certificato' })
    expect([actInWords(told), subjectInWords(told), actorInWords(told), whyInWords(told)]).toEqual([
      'Dieta di un alunno decisa dall’ufficio',
      'Greta Albertini',
      'Anna Neri',
      'Certificato',
    ])
    expect(actorInWords({ who: null })).toBe('il portale')
    expect(actInWords({ action: 'menus.imported', outcome: 'refused' })).toBe(
      'Menù importato da un file (non riuscita)',
    )
    const without = { ...told, subject: null }
    expect(subjectInWords({ ...without, objectType: 'day', objectId: '2026-12-24' })).toBe('24/12/2026')
    expect(subjectInWords({ ...without, objectType: 'diet', objectId: 'D03' })).toBe('dieta D03')
    expect(subjectInWords({ ...without, objectType: 'di ieri' })).toBe('')
  })
})
