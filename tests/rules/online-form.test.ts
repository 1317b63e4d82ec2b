import { describe, expect, test } from 'vitest'
import {
  answersToSend,
  type FillFacts,
  firstStepToFix,
  normalAnswer,
  problemOf,
  problemsOfStep,
} from '#lib/forms/answer.ts'
import { answerProblemInWords, type FormAnswerProblem } from '#lib/forms/answer-problem.words.ts'
import { type FormAnswers, shownFields, shownSteps } from '#lib/forms/conditions.ts'
import { isForHousehold } from '#lib/forms/eligibility.ts'
import {
  blankField,
  type Definition,
  FIELD_KINDS,
  type FieldKind,
  type FormKind,
  type Step,
} from '#lib/forms/form.ts'
import { formStateAt } from '#lib/forms/form-window.ts'
import { applyEdit, type Edit } from '#lib/forms/office/form-edit.ts'
import { findingsOf } from '#lib/forms/office/form-findings.ts'
import { TEMPLATES } from '#lib/forms/office/templates.ts'
import { ownAnswerInWords } from '#lib/forms/own-answer.words.ts'
import { protocolInWords } from '#lib/forms/protocol.ts'
import { shownAnswers } from '#lib/forms/shown-answers.words.ts'
import { afterMove, freesTheKey, type Move, onceKeyOf, type SubmissionState } from '#lib/forms/submission.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { italian } from '#lib/words/language.ts'
import fc from '#tests/support/random.ts'

const GRETA = {
  id: 'greta',
  name: 'Greta Albertini',
  where: 'Primaria, 3A',
  schoolId: 'primaria',
  classId: '3a',
}
const facts: FillFacts = {
  pupils: [GRETA],
  schools: [{ id: 'primaria', name: 'Scuola primaria' }],
  documents: [],
}
const diet = TEMPLATES.diet.definition
const enrolment = TEMPLATES.enrolment.definition
const healthAnswers: FormAnswers = {
  alunno: 'greta',
  motivo: 'salute',
  allergie: 'Glutine',
  grave: 'si',
  vero: 'si',
  privacy: 'si',
}
const certificate = { id: 'd1', field: 'certificato', name: 'certificato.pdf', mediaType: 'application/pdf' }

const stepOf = (definition: Definition, id: string): Step => {
  const step = definition.steps.find((one) => one.id === id)
  if (!step) throw new Error(`no step ${id}`)
  return step
}

describe('the ready-made forms', () => {
  test.each(['enrolment', 'diet', 'fare', 'withdrawal'] as const)('%s can be published as it is', (kind) => {
    expect(findingsOf(kind, TEMPLATES[kind].definition)).toEqual([])
  })

  test('the empty one says what is missing', () => {
    expect(findingsOf('other', TEMPLATES.other.definition).map(({ message }) => message)).toEqual([
      'Scrivi il titolo del modulo.',
      'Questo passo non ha domande: aggiungine una o toglilo.',
    ])
  })
})

describe('what keeps a form from being published', () => {
  const with_ = (step: Partial<Step>): Definition => ({
    ...diet,
    steps: diet.steps.with(0, { ...(diet.steps[0] as Step), ...step }),
  })
  const messages = (definition: Definition, kind: FormKind = 'diet') =>
    findingsOf(kind, definition)
      .map(({ message }) => message)
      .join(' ')

  test('without the child the effects would have no pupil to reach', () => {
    expect(messages(with_({ fields: [] }))).toContain('Manca la domanda che dice l’alunno')
  })
  test('a condition that looks ahead, or at an answer that is gone, keeps it back', () => {
    expect(messages(with_({ when: { field: 'vero', is: 'si' } }))).toContain('una domanda che viene dopo')
    const steps = diet.steps.map((step) =>
      step.id === 'salute' ? { ...step, when: { field: 'motivo', is: 'mai' } } : step,
    )
    expect(messages({ ...diet, steps })).toContain('una risposta che non c’è più')
  })
  test('choices without answers, or with two alike, keep it back', () => {
    const bad = { ...blankField('x', 'choice'), label: 'Quale?', options: [] }
    expect(messages(with_({ fields: [...(diet.steps[0]?.fields ?? []), bad] }))).toContain(
      'almeno due risposte',
    )
    const twins = {
      ...bad,
      options: [
        { value: 'a', label: 'A' },
        { value: 'a', label: 'B' },
      ],
    }
    expect(messages(with_({ fields: [...(diet.steps[0]?.fields ?? []), twins] }))).toContain(
      'Due risposte sono uguali',
    )
  })
  test('a new child where only enrolled ones may be chosen keeps it back', () => {
    const fields = (diet.steps[0]?.fields ?? []).map((field) => ({
      ...field,
      allowNew: field.kind === 'pupil',
    }))
    expect(messages(with_({ fields }))).toContain('solo tra gli alunni già iscritti')
  })
})

describe('conditions', () => {
  test('a step appears with the answer it hangs on', () => {
    const ids = (answers: FormAnswers) => shownSteps(diet.steps, answers).map(({ id }) => id)
    expect(ids({})).toEqual(['figlio', 'dichiarazioni'])
    expect(ids({ motivo: 'salute' })).toEqual(['figlio', 'salute', 'dichiarazioni'])
    expect(ids({ motivo: 'etica' })).toEqual(['figlio', 'scelta', 'dichiarazioni'])
  })

  test('what hangs on something hidden is hidden too', () => {
    const answers = { motivo: 'salute', quale: 'altra', descrizione: 'Senza aglio' }
    expect(shownFields(diet.steps, answers).has('descrizione')).toBe(false)
    expect(shownFields(diet.steps, { ...answers, motivo: 'etica' }).has('descrizione')).toBe(true)
  })

  test('what is hidden behind a changed answer is neither asked nor sent', () => {
    const changed = { ...healthAnswers, motivo: 'etica', quale: 'vegetariana' }
    expect(firstStepToFix(diet, changed, facts)).toBeNull()
    expect(Object.keys(answersToSend(diet, changed))).not.toContain('allergie')
  })

  test('answers named like the inside of an object change nothing', () => {
    const when = { field: 'constructor', is: 'x' }
    expect(shownFields([{ when, fields: [{ id: 'a', when: null }] }], {}).size).toBe(0)
  })
})

const said = (problem: FormAnswerProblem | null | undefined, t = italian) =>
  problem ? answerProblemInWords(problem, t) : ''

describe('judging answers', () => {
  test('complete answers are ready; each missing one names its step', () => {
    const withPaper = { ...facts, documents: [certificate] }
    expect(firstStepToFix(diet, healthAnswers, withPaper)).toBeNull()
    expect(firstStepToFix(diet, healthAnswers, facts)?.id).toBe('salute')
    expect(firstStepToFix(diet, { ...healthAnswers, privacy: '' }, withPaper)?.id).toBe('dichiarazioni')
  })

  test('someone else’s child is not among the answers', () => {
    const problems = problemsOfStep(
      stepOf(diet, 'figlio'),
      { ...healthAnswers, alunno: 'sofia' },
      diet,
      facts,
    )
    expect(problems).toEqual({ alunno: { code: 'no-option' } })
  })

  test('a document of another kind is refused in words', () => {
    const word = { ...certificate, mediaType: 'application/msword' }
    const problems = problemsOfStep(stepOf(diet, 'salute'), healthAnswers, diet, {
      ...facts,
      documents: [word],
    })
    expect(said(problems.certificato)).toContain('non è di un tipo accettato')
  })

  const numberField = { ...blankField('n', 'number'), least: 0, most: 10 }
  test.each([
    ['12,505', 'Scrivi un numero'],
    ['uno', 'Scrivi un numero'],
    ['1e3', 'Scrivi un numero'],
    ['-1', 'Il numero più piccolo è 0.'],
    ['10,01', 'Il numero più grande è 10.'],
  ])('the number %s is refused', (typed, words) => {
    expect(said(problemOf(numberField, normalAnswer(numberField, typed), diet, facts))).toContain(words)
  })
  test('a number out of range is refused in whole English, with the number as English writes it', () => {
    const field = { ...numberField, least: 2.5, most: 9.5 }
    const refusal = (typed: string) => said(problemOf(field, typed, diet, facts), wordsIn('en'))
    expect(refusal('2')).toBe('The smallest number is 2.5.')
    expect(refusal('10')).toBe('The largest number is 9.5.')
  })
  test.each(['0', '10', '7,5', '7.50'])('the number %s is taken', (typed) => {
    expect(problemOf(numberField, normalAnswer(numberField, typed), diet, facts)).toBeNull()
  })

  const child = {
    alunno: 'nuovo',
    nome: 'Anna',
    cognome: 'Conti',
    nascita: '2020-02-03',
    'codice-fiscale': 'CNTNNA20B43L781X',
  }
  test('a child’s code must hold and agree with the birth day', () => {
    const step = stepOf(enrolment, 'figlio')
    expect(said(problemsOfStep(step, child, enrolment, facts)['codice-fiscale'])).toContain('non torna')
    const code = 'CNTNNA20B43L781' // the check letter, found by trying
    const valid = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => code + letter)
    const good = valid.find(
      (one) => !problemsOfStep(step, { ...child, 'codice-fiscale': one }, enrolment, facts)['codice-fiscale'],
    )
    expect(good).toBeDefined()
    const other = { ...child, 'codice-fiscale': good as string, nascita: '2020-02-04' }
    expect(said(problemsOfStep(step, other, enrolment, facts)['codice-fiscale'])).toContain(
      'non vanno d’accordo',
    )
  })

  test('a child’s provisional code of eleven digits holds by its check digit, beside any birth day', () => {
    const step = stepOf(enrolment, 'figlio')
    const problem = (code: string) =>
      problemsOfStep(step, { ...child, 'codice-fiscale': code }, enrolment, facts)['codice-fiscale']
    expect(problem('00743110157')).toBeUndefined()
    expect(said(problem('00743110158'))).toContain('o 11 cifre se è provvisorio')
  })

  test('whatever is typed, judging answers and never breaks', () => {
    const kinds = Object.keys(FIELD_KINDS) as FieldKind[]
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.oneof(fc.string(), fc.array(fc.string())), (kind, typed) => {
        const field = { ...blankField('x', kind), label: 'x' }
        const answer = normalAnswer(field, typed)
        const problem = problemOf(field, answer, diet, facts)
        expect(problem === null || said(problem).length > 0).toBe(true)
        // What was made even once stays as it is.
        expect(normalAnswer(field, answer)).toEqual(answer)
      }),
    )
  })
})

test('the recap reads as people speak', () => {
  const recap = shownAnswers(
    diet,
    { ...healthAnswers, dal: '2026-12-01' },
    { ...facts, documents: [certificate] },
  )
  expect(recap.map(({ title, rows }) => [title, rows.map(({ value }) => value)])).toEqual([
    ['Per chi è la dieta', ['Greta Albertini', 'Per motivi di salute', '1 dicembre 2026']],
    ['Il certificato', ['1 documento', 'Glutine', 'Sì', 'Nessuna risposta']],
    ['Dichiarazioni', ['Accettata', 'Accettata']],
  ])
})

test.each([
  ['Valore dell’ISEE, in euro', '5400', '5.400,00 €'],
  ['Valore dell’ISEE (euro)', '5400.5', '5.400,50 €'],
  ['Quanti fratelli', '2.5', '2,5'],
])('an answer to “%s” reads as money where the question asks for euros', (label, answer, words) => {
  const number = { ...blankField('n', 'number'), label }
  const steps = [{ ...(diet.steps[0] as (typeof diet.steps)[number]), fields: [number] }]
  const [section] = shownAnswers({ ...diet, steps }, { n: answer }, facts)
  expect(section?.rows[0]?.value.replaceAll('\u00a0', ' ')).toBe(words)
})

test('what the recap says in words of the portal is a value too, for a reader in another language', () => {
  const recap = shownAnswers(diet, { ...healthAnswers, dal: '2026-12-01' }, facts)
  const own = recap.flatMap(({ rows }) =>
    rows.map((row) => (row.own ? ownAnswerInWords(row.own, wordsIn('en')) : null)),
  )
  expect(own).toEqual([
    null,
    null,
    '1 December 2026',
    'No answer',
    null,
    'Yes',
    'No answer',
    'Accepted',
    'Accepted',
  ])
})

describe('the window', () => {
  const opensAt = new Date('2026-12-01T08:00:00+01:00')
  const closesAt = new Date('2026-12-31T23:59:00+01:00')
  const window = { opensAt, closesAt, closedAt: null, isPublished: true }
  const at = (instant: Date, ms: number) => formStateAt(window, new Date(instant.getTime() + ms))

  test('opens and ends to the millisecond', () => {
    expect([at(opensAt, -1), at(opensAt, 0)]).toEqual(['scheduled', 'published'])
    expect([at(closesAt, -1), at(closesAt, 0)]).toEqual(['published', 'expired'])
  })
  test('a draft is a draft, and what was closed early is closed from that instant', () => {
    expect(formStateAt({ ...window, isPublished: false }, opensAt)).toBe('draft')
    const closedAt = new Date('2026-12-10T10:00:00Z')
    expect(formStateAt({ ...window, closedAt }, new Date(closedAt.getTime() - 1))).toBe('published')
    expect(formStateAt({ ...window, closedAt }, closedAt)).toBe('withdrawn')
  })
})

describe('for whom a form is', () => {
  const only = { ...diet, schoolIds: ['infanzia'] }
  test('it is for every household, or for those with a child in a school or class', () => {
    expect(isForHousehold(diet, [])).toBe(true)
    expect(isForHousehold(only, [GRETA])).toBe(false)
    expect(isForHousehold({ ...only, classIds: ['3a'] }, [GRETA])).toBe(true)
  })
})

describe('once only', () => {
  const who = { householdId: 'h', hashOf: (text: string) => `#${text.length}` }
  test('a form is sent once by child, by new child’s code or by family', () => {
    expect(onceKeyOf(diet, { alunno: 'greta' }, who)).toBe('pupil:greta')
    expect(onceKeyOf(enrolment, { alunno: 'nuovo', 'codice-fiscale': 'X'.repeat(16) }, who)).toBe(
      'child:h:#16',
    )
    expect(onceKeyOf({ ...diet, once: 'household' }, {}, who)).toBe('household:h')
  })
  test('what was refused or taken back may be asked again; what was accepted only one at a time', () => {
    expect(freesTheKey('pupil', 'rejected') && freesTheKey('household', 'withdrawn')).toBe(true)
    expect([freesTheKey('pupil', 'accepted'), freesTheKey('pupil-open', 'accepted')]).toEqual([false, true])
    expect(freesTheKey('pupil-open', 'in_review')).toBe(false)
  })
})

describe('the way of a request', () => {
  const moves: Move[] = ['taken', 'asked', 'answered', 'accepted', 'rejected', 'withdrawn']
  test.each(['accepted', 'rejected', 'withdrawn'] as SubmissionState[])('%s is the end', (state) => {
    for (const move of moves)
      expect(afterMove(state, move)).toMatchObject({ ok: false, code: 'forms:decided' })
  })
  test('an integration is answered only when it was asked for', () => {
    expect(afterMove('integration', 'answered')).toEqual({ ok: true, value: 'in_review' })
    expect(afterMove('in_review', 'answered')).toMatchObject({ code: 'forms:no-integration' })
  })
  test('its number reads as offices write it', () => {
    expect(protocolInWords({ year: 2026, number: 12 })).toBe('12/2026')
  })
})

describe('building', () => {
  const apply = (definition: Definition, ...edits: Edit[]): Definition =>
    edits.reduce((now, edit) => {
      const next = applyEdit(now, edit)
      if (!next) throw new Error(`no such part: ${JSON.stringify(edit)}`)
      return next
    }, definition)
  const order = (definition: Definition) =>
    definition.steps.map(({ id, fields }) => [id, ...fields.map((field) => field.id)])

  test('questions move within their step and on into the next', () => {
    const fare = TEMPLATES.fare.definition
    const moved = apply(fare, { do: 'move', id: 'attestazione', by: 1 }, { do: 'move', id: 'alunno', by: 1 })
    expect(order(moved)).toEqual([
      ['isee', 'valore', 'alunno', 'scadenza'],
      ['dichiarazioni', 'attestazione', 'vero', 'privacy'],
    ])
    expect(
      apply(moved, { do: 'move', id: 'attestazione', by: -1 }, { do: 'move', id: 'alunno', by: -1 }),
    ).toEqual(fare)
  })

  test('the first question and the last step stay in place', () => {
    expect(
      apply(diet, { do: 'move', id: 'alunno', by: -1 }, { do: 'move', id: 'dichiarazioni', by: 1 }),
    ).toEqual(diet)
  })

  test('a copy has its own name and no role', () => {
    const copied = apply(diet, { do: 'duplicate', id: 'alunno' })
    expect(copied.steps[0]?.fields[1]).toMatchObject({
      id: 'domanda-1',
      role: null,
      label: 'Per quale figlio? (copia)',
    })
    const steps = apply(diet, { do: 'duplicate', id: 'salute' })
    expect(steps.steps[2]).toMatchObject({ id: 'passo-1', when: { field: 'motivo', is: 'salute' } })
    expect(findingsOf('diet', steps)).toEqual([])
  })

  test('what is not there cannot be changed', () => {
    expect(applyEdit(diet, { do: 'delete', id: 'niente' })).toBeNull()
    expect(
      applyEdit(diet, { do: 'save-field', stepId: 'niente', field: blankField('x', 'short') }),
    ).toBeNull()
  })

  test('whatever is done, no two parts share a name', () => {
    const ids = ['alunno', 'motivo', 'salute', 'certificato', 'figlio', 'domanda-1', 'passo-1']
    const edit: fc.Arbitrary<Edit> = fc.oneof(
      fc.record({
        do: fc.constantFrom('move' as const, 'duplicate' as const, 'delete' as const),
        id: fc.constantFrom(...ids),
        by: fc.constantFrom(-1 as const, 1 as const),
      }),
      fc.constant({ do: 'add-step' } as const),
    )
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
        const built = edits.reduce((now, one) => applyEdit(now, one) ?? now, diet)
        const all = built.steps.flatMap(({ id, fields }) => [id, ...fields.map((field) => field.id)])
        expect(new Set(all).size).toBe(all.length)
      }),
    )
  })
})
