import { describe, expect, test } from 'vitest'
import { type EffectFacts, planCorrection, planOf, type TypedDecision } from '#lib/forms/office/effects.ts'

const typed = (given: Partial<TypedDecision>): TypedDecision => ({
  classId: '',
  dietCode: '',
  bandCode: '',
  from: '2026-12-01',
  to: '',
  nextDietCode: '',
  severe: '',
  ...given,
})

const THIRD = {
  id: '3a',
  name: '3A',
  schoolId: 'p',
  schoolName: 'Primaria',
  schoolKind: 'primaria' as const,
  yearId: 'y',
  from: '2026-09-14',
  to: '2027-06-05',
}

const facts = (given: Partial<EffectFacts> = {}): EffectFacts => ({
  pupil: { id: 'greta', name: 'Greta Albertini' },
  newPupil: null,
  elsewhere: false,
  applicant: null,
  enrolments: [
    {
      id: 'e1',
      schoolId: 'p',
      classId: '3a',
      yearId: 'y',
      where: 'Primaria, 3A',
      dietCode: 'STD',
      severe: false,
      weekdays: null,
      from: '2026-09-14',
      to: '2027-06-05',
    },
  ],
  cancellations: [],
  fares: [],
  firstDay: '2026-11-25',
  classes: [THIRD],
  diets: [
    { code: 'STD', name: 'Dieta comune' },
    { code: 'D01', name: 'Senza glutine' },
  ],
  standardDiet: 'STD',
  asksDiet: false,
  dietHold: null,
  bands: [
    {
      code: 'B1',
      name: 'Fascia 1',
      description: '',
      priceCents: 270,
      prices: [{ validFrom: '2026-09-01', priceCents: 270 }],
    },
  ],
  yearEndsOn: '2027-08-31',
  ...given,
})

const codeOf = (result: ReturnType<typeof planOf>) => (result.ok ? 'ok' : result.code)

describe('a diet from a day on', () => {
  test('splits the enrolment at that day, and keeps what was eaten before', () => {
    const plan = planOf('diet', typed({ dietCode: 'D01' }), facts())
    expect(plan).toMatchObject({
      ok: true,
      value: {
        end: [{ id: 'e1', to: '2026-11-30' }],
        enrol: [{ dietCode: 'D01', from: '2026-12-01', to: '2027-06-05', classId: '3a' }],
        rediet: [],
      },
    })
  })
  test('an enrolment that begins later simply changes its diet', () => {
    const enrolments = facts().enrolments.map((one) => ({ ...one, from: '2027-01-07' }))
    expect(planOf('diet', typed({ dietCode: 'D01' }), facts({ enrolments }))).toMatchObject({
      value: { end: [], enrol: [], rediet: [{ id: 'e1', dietCode: 'D01' }] },
    })
  })
  test('the same diet changes no row', () => {
    expect(planOf('diet', typed({ dietCode: 'STD' }), facts())).toMatchObject({
      value: { end: [], enrol: [], rediet: [] },
    })
  })
  test('is refused for days that the kitchen has counted: the first open day is named', () => {
    expect(planOf('diet', typed({ dietCode: 'D01', from: '2026-11-24' }), facts())).toMatchObject({
      code: 'tariffs:too-early',
      details: { first: '2026-11-25' },
    })
    expect(codeOf(planOf('diet', typed({ dietCode: 'D01', from: '2026-11-25' }), facts()))).toBe('ok')
  })
  test('is refused without a diet, with an unknown one, without a day and without a pupil enrolled', () => {
    expect(codeOf(planOf('diet', typed({}), facts()))).toBe('forms:choose-diet')
    expect(codeOf(planOf('diet', typed({ dietCode: 'X' }), facts()))).toBe('forms:choose-diet')
    expect(codeOf(planOf('diet', typed({ dietCode: 'D01', from: '31/12' }), facts()))).toBe(
      'tariffs:choose-day',
    )
    expect(codeOf(planOf('diet', typed({ dietCode: 'D01', from: '2027-06-06' }), facts()))).toBe(
      'forms:no-enrolment',
    )
  })
})

describe('a diet with a last day', () => {
  const until = (given: Partial<TypedDecision>) =>
    planOf(
      'diet',
      typed({ dietCode: 'D01', to: '2026-12-18', nextDietCode: 'DA-DEFINIRE', ...given }),
      facts(),
    )

  test('gives way to none decided or to the common one, as the office chose, and says so', () => {
    expect(until({})).toMatchObject({
      value: {
        end: [{ id: 'e1', to: '2026-11-30' }],
        rediet: [],
        enrol: [
          { dietCode: 'D01', from: '2026-12-01', to: '2026-12-18' },
          { dietCode: 'DA-DEFINIRE', from: '2026-12-19', to: '2027-06-05' },
        ],
      },
    })
    expect(until({ nextDietCode: 'STD' })).toMatchObject({
      value: { enrol: [{ dietCode: 'D01' }, { dietCode: 'STD', from: '2026-12-19' }] },
    })
    const lines = [until({}), until({ nextDietCode: 'STD' })].map((plan) => (plan.ok ? plan.value.lines : []))
    expect(lines[0]).toContain(
      'Dal 19 dicembre 2026 la dieta è di nuovo da definire, finché l’ufficio non decide.',
    )
    expect(lines[1]).toContain('Dal 19 dicembre 2026: Dieta comune.')
  })

  test('is refused without a choice of what follows, and when it ends before it begins', () => {
    expect(codeOf(until({ nextDietCode: '' }))).toBe('forms:choose-diet')
    expect(codeOf(until({ nextDietCode: 'D01' }))).toBe('forms:choose-diet')
    expect(codeOf(until({ to: '2026-11-30' }))).toBe('forms:period-reversed')
    expect(codeOf(until({ to: 'mai' }))).toBe('forms:choose-day')
  })

  test('can be corrected to another last day: what followed goes with it', () => {
    const [enrolled] = facts().enrolments as [EffectFacts['enrolments'][number]]
    const enrolments = [
      { ...enrolled, id: 'e2', dietCode: 'D01', from: '2026-12-01', to: '2026-12-18' },
      { ...enrolled, id: 'e3', dietCode: 'DA-DEFINIRE', from: '2026-12-19' },
    ]
    const decision = typed({ dietCode: 'D01', to: '2027-01-15', nextDietCode: 'STD' })
    expect(planCorrection('diet', decision, facts({ enrolments }))).toMatchObject({
      value: {
        end: [{ id: 'e3', to: '2027-01-15' }],
        rediet: [{ id: 'e3', dietCode: 'D01' }],
        enrol: [{ dietCode: 'STD', from: '2027-01-16' }],
      },
    })
  })

  test('and a severe reaction reaches the kitchen with it, and goes on while none is decided', () => {
    expect(until({ severe: 'si' })).toMatchObject({
      value: {
        enrol: [
          { dietCode: 'D01', severe: true },
          { dietCode: 'DA-DEFINIRE', severe: true },
        ],
      },
    })
    expect(until({ severe: 'si', nextDietCode: 'STD' })).toMatchObject({
      value: { enrol: [{ severe: true }, { severe: false }] },
    })
  })
})

describe('an enrolment', () => {
  test('that asks for a diet is held until one is decided; a decided one goes on', () => {
    const child = { newPupil: unknown, asksDiet: true, enrolments: [] }
    const held = planOf('enrolment', typed({ classId: '3a' }), facts(child))
    expect(held).toMatchObject({ value: { enrol: [{ dietCode: 'DA-DEFINIRE' }] } })
    expect(held.ok ? held.value.lines.join('\n') : '').toContain('Dieta: da definire.')
    const next = { ...THIRD, id: '4a', from: '2027-09-13', to: '2028-06-05' }
    const renewed = (dietCode: string) =>
      planOf(
        'enrolment',
        typed({ classId: '4a' }),
        facts({
          classes: [next],
          asksDiet: true,
          enrolments: facts().enrolments.map((one) => ({ ...one, dietCode, severe: true })),
        }),
      )
    expect(renewed('D01')).toMatchObject({ value: { enrol: [{ dietCode: 'D01', severe: true }] } })
    expect(renewed('STD')).toMatchObject({ value: { enrol: [{ dietCode: 'DA-DEFINIRE', severe: true }] } })
  })

  test('with a diet whose code ends in the year is held from the day after', () => {
    const next = { ...THIRD, id: '4a', from: '2027-09-13', to: '2028-06-05' }
    const enrolments = facts().enrolments.map((one) => ({ ...one, dietCode: 'D01' }))
    const ending = (to: string) =>
      planOf(
        'enrolment',
        typed({ classId: '4a' }),
        facts({ classes: [next], enrolments, diets: [{ code: 'D01', name: 'Senza glutine', to }] }),
      )
    expect(ending('2027-12-31')).toMatchObject({
      value: {
        enrol: [
          { dietCode: 'D01', from: '2027-09-13', to: '2027-12-31' },
          { dietCode: 'DA-DEFINIRE', from: '2028-01-01', to: '2028-06-05' },
        ],
      },
    })
    const over = ending('2027-08-31')
    expect(over.ok && over.value.enrol).toMatchObject([{ dietCode: 'DA-DEFINIRE', from: '2027-09-13' }])
  })

  const unknown = { givenName: 'Anna', familyName: 'Conti', fiscalCode: 'X', birthDay: '2020-01-01' }
  test('a new child is written down and enrolled, with the common diet, to the end of the service', () => {
    const plan = planOf('enrolment', typed({ classId: '3a' }), facts({ enrolments: [], newPupil: unknown }))
    expect(plan).toMatchObject({
      value: { newPupil: unknown, enrol: [{ dietCode: 'STD', from: '2026-12-01', to: '2027-06-05' }] },
    })
  })
  test('before the service begins it starts with the service, and a renewal keeps the diet', () => {
    const next = { ...THIRD, id: '4a', from: '2027-09-13', to: '2028-06-05' }
    const enrolments = facts().enrolments.map((one) => ({ ...one, dietCode: 'D01' }))
    expect(
      planOf('enrolment', typed({ classId: '4a' }), facts({ classes: [next], enrolments })),
    ).toMatchObject({
      value: { enrol: [{ from: '2027-09-13', to: '2028-06-05', dietCode: 'D01' }] },
    })
  })
  test('is refused twice in one period, for another family’s child, and without a class', () => {
    expect(codeOf(planOf('enrolment', typed({ classId: '3a' }), facts()))).toBe('forms:already-enrolled')
    expect(codeOf(planOf('enrolment', typed({ classId: '3a' }), facts({ elsewhere: true })))).toBe(
      'forms:pupil-elsewhere',
    )
    expect(codeOf(planOf('enrolment', typed({}), facts({ enrolments: [] })))).toBe('forms:choose-class')
    expect(
      codeOf(planOf('enrolment', typed({ classId: '3a', from: '2027-06-06' }), facts({ enrolments: [] }))),
    ).toBe('forms:period-reversed')
  })
})

describe('a fare band', () => {
  test('holds to the end of the year unless said, and the one before ends the day before', () => {
    const fares = [{ id: 'f1', from: '2026-09-14', to: '2027-08-31', bandCode: 'B1' }]
    expect(planOf('fare', typed({ bandCode: 'B1' }), facts({ fares }))).toMatchObject({
      value: {
        endFares: [{ id: 'f1', to: '2026-11-30' }],
        dropFares: [],
        fare: { from: '2026-12-01', to: '2027-08-31' },
      },
    })
  })
  test('one that had not begun gives way; one that begins after the end stays', () => {
    const fares = [
      { id: 'f1', from: '2026-12-10', to: '2026-12-20', bandCode: 'B1' },
      { id: 'f2', from: '2027-02-01', to: '2027-03-01', bandCode: 'B1' },
    ]
    expect(planOf('fare', typed({ bandCode: 'B1', to: '2027-01-31' }), facts({ fares }))).toMatchObject({
      value: { endFares: [], dropFares: ['f1'] },
    })
  })
  test('is refused back in time, the wrong way round, and without a band', () => {
    expect(codeOf(planOf('fare', typed({ bandCode: 'B1', from: '2026-11-24' }), facts()))).toBe(
      'tariffs:too-early',
    )
    expect(codeOf(planOf('fare', typed({ bandCode: 'B1', to: '2026-11-30' }), facts()))).toBe(
      'tariffs:period-reversed',
    )
    expect(codeOf(planOf('fare', typed({ bandCode: 'B1', to: '2026-12-01' }), facts()))).toBe('ok')
    expect(codeOf(planOf('fare', typed({}), facts()))).toBe('tariffs:choose-band')
  })
})

describe('leaving the service', () => {
  test('the last day is the last one; what would begin later never does', () => {
    const enrolments = [
      ...facts().enrolments,
      {
        ...(facts().enrolments[0] as EffectFacts['enrolments'][number]),
        id: 'e2',
        from: '2027-09-13',
        to: '2028-06-05',
      },
    ]
    expect(planOf('withdrawal', typed({ from: '2026-12-18' }), facts({ enrolments }))).toMatchObject({
      value: { end: [{ id: 'e1', to: '2026-12-18' }], drop: ['e2'] },
    })
  })
  test('the last day may be the one before the first open day, not earlier', () => {
    expect(codeOf(planOf('withdrawal', typed({ from: '2026-11-24' }), facts()))).toBe('ok')
    expect(codeOf(planOf('withdrawal', typed({ from: '2026-11-23' }), facts()))).toBe('forms:too-early')
  })
})

test('a generic request changes nothing but its state', () => {
  expect(planOf('other', typed({ from: '' }), facts())).toMatchObject({
    value: { enrol: [], end: [], fare: null },
  })
})

describe('a correction', () => {
  const FOURTH = { ...THIRD, id: '4b', name: '4B', schoolId: 's', schoolName: 'Altra primaria' }
  const [enrolled] = facts().enrolments as [EffectFacts['enrolments'][number]]
  const inTwoDiets = [
    { ...enrolled, to: '2027-01-10' },
    { ...enrolled, id: 'e2', dietCode: 'D01', from: '2027-01-11' },
  ]

  test('of the class moves what is left of the enrolment, each diet with its days', () => {
    const plan = planCorrection(
      'enrolment',
      typed({ classId: '4b' }),
      facts({ classes: [THIRD, FOURTH], enrolments: inTwoDiets }),
    )
    expect(plan).toMatchObject({
      ok: true,
      value: {
        end: [{ id: 'e1', to: '2026-11-30' }],
        drop: ['e2'],
        enrol: [
          { schoolId: 's', classId: '4b', dietCode: 'STD', from: '2026-12-01', to: '2027-01-10' },
          { schoolId: 's', classId: '4b', dietCode: 'D01', from: '2027-01-11', to: '2027-06-05' },
        ],
      },
    })
  })

  test('of the school names the days whose cancellation goes along, and those without a meal there', () => {
    const cancelled = (day: string, servedIn: string[]) => ({ day, schoolId: 'p', servedIn })
    const plan = planCorrection(
      'enrolment',
      typed({ classId: '4b' }),
      facts({
        classes: [THIRD, FOURTH],
        cancellations: [
          cancelled('2026-11-30', ['p', 's']),
          cancelled('2026-12-02', ['p', 's']),
          cancelled('2026-12-03', ['p', 's']),
          cancelled('2026-12-04', ['p']),
        ],
      }),
    )
    const lines = plan.ok ? plan.value.lines : []
    expect(lines).toContain(
      'Le disdette già accettate valgono anche nella nuova scuola: 2 dicembre 2026, 3 dicembre 2026.',
    )
    expect(lines).toContain(
      'Giorni disdetti in cui nella nuova scuola non c’è mensa, e non si paga niente: 4 dicembre 2026.',
    )
  })

  test('of the class that changes nothing is refused, and so is a day that the kitchen has counted', () => {
    expect(codeOf(planCorrection('enrolment', typed({ classId: '3a' }), facts()))).toBe(
      'forms:nothing-to-correct',
    )
    const counted = typed({ classId: '4b', from: '2026-11-24' })
    expect(codeOf(planCorrection('enrolment', counted, facts({ classes: [THIRD, FOURTH] })))).toBe(
      'tariffs:too-early',
    )
    expect(codeOf(planCorrection('enrolment', typed({ classId: '5z' }), facts()))).toBe('forms:choose-class')
  })

  const left = facts({ enrolments: [{ ...enrolled, to: '2026-12-10' }] })
  test.each([
    ['2026-12-20', { end: [{ id: 'e1', to: '2026-12-20' }] }],
    ['2026-12-03', { end: [{ id: 'e1', to: '2026-12-03' }] }],
  ])('of the last day to %s lets the enrolment end then', (from, value) => {
    expect(planCorrection('withdrawal', typed({ from }), left)).toMatchObject({ ok: true, value })
  })

  test.each([
    ['2026-12-10', 'forms:nothing-to-correct'],
    ['2027-06-06', 'forms:period-reversed'],
    ['', 'forms:choose-day'],
  ])('of the last day to %j is refused as %s', (from, code) => {
    expect(codeOf(planCorrection('withdrawal', typed({ from }), left))).toBe(code)
  })

  test('of the last day is refused when the days since then are counted', () => {
    const gone = facts({ enrolments: [{ ...enrolled, to: '2026-11-20' }] })
    expect(codeOf(planCorrection('withdrawal', typed({ from: '2026-12-10' }), gone))).toBe(
      'forms:already-left',
    )
  })

  test('of a diet or a band is a decision like the first', () => {
    const diet = typed({ dietCode: 'D01' })
    expect(planCorrection('diet', diet, facts())).toEqual(planOf('diet', diet, facts()))
    const fare = typed({ bandCode: 'B1' })
    expect(planCorrection('fare', fare, facts())).toEqual(planOf('fare', fare, facts()))
  })

  test('of a diet to the one that holds already is refused, and one that holds from later on is moved', () => {
    expect(codeOf(planCorrection('diet', typed({ dietCode: 'STD' }), facts()))).toBe(
      'forms:nothing-to-correct',
    )
    const later = facts({ enrolments: inTwoDiets })
    expect(codeOf(planCorrection('diet', typed({ dietCode: 'D01', from: '2027-01-11' }), later))).toBe(
      'forms:nothing-to-correct',
    )
    expect(codeOf(planCorrection('diet', typed({ dietCode: 'D01' }), later))).toBe('ok')
  })

  test('of a band to the one that holds on the same days is refused; another band, day or end is not', () => {
    const held = (from: string, to: string, bandCode = 'B1') => ({
      id: `${from} ${bandCode}`,
      bandCode,
      from,
      to,
    })
    const correct = (fares: EffectFacts['fares'], to = '2027-08-31') =>
      codeOf(planCorrection('fare', typed({ bandCode: 'B1', to }), facts({ fares })))
    expect(correct([held('2026-11-25', '2027-08-31')])).toBe('forms:nothing-to-correct')
    expect(correct([held('2026-11-25', '2026-12-31'), held('2027-01-01', '2027-08-31')])).toBe(
      'forms:nothing-to-correct',
    )
    expect(correct([held('2026-11-25', '2027-08-31', 'B2')])).toBe('ok')
    expect(correct([held('2026-12-02', '2027-08-31')])).toBe('ok')
    expect(correct([held('2026-11-25', '2027-08-31')], '2027-06-30')).toBe('ok')
    expect(correct([held('2026-11-25', '2026-12-31'), held('2027-01-07', '2027-08-31')])).toBe('ok')
  })

  test('names what holds on the day before, not what holds later nor what stays', () => {
    const linesOf = (result: ReturnType<typeof planOf>) =>
      result.ok ? result.value.lines.join('\n') : result.code
    const later = facts({ enrolments: inTwoDiets })
    expect(linesOf(planCorrection('diet', typed({ dietCode: 'D01' }), later))).toContain(
      'Fino al giorno prima resta: Dieta comune.',
    )
    expect(
      linesOf(planCorrection('diet', typed({ dietCode: 'STD', from: '2027-01-11' }), later)),
    ).not.toContain('giorno prima')
    const moved = planCorrection('enrolment', typed({ classId: '4b', from: '2026-12-01' }), {
      ...later,
      classes: [THIRD, FOURTH],
      enrolments: inTwoDiets.map((one, at) => (at === 0 ? one : { ...one, where: 'Secondaria, 1C' })),
    })
    expect(linesOf(moved)).toContain('Fino al giorno prima resta: Primaria, 3A.')
  })

  test('of a request that moved nothing is refused', () => {
    expect(codeOf(planCorrection('other', typed({}), facts()))).toBe('forms:decided')
  })
})
