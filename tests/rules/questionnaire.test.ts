import { describe, expect, test } from 'vitest'
import { stateAt } from '#lib/publishing/lifecycle.ts'
import { resultsCsv } from '#lib/questionnaires/office/results.csv.ts'
import {
  type AskedQuestion,
  EMPTY_QUESTION,
  publishProblems,
  type QuestionnaireDraft,
  questionnaireLife,
  readAnswers,
  readQuestions,
  rearrangeQuestions,
  resultsOf,
  sameAnswers,
} from '#lib/questionnaires/questionnaire.ts'
import fc from '#tests/support/random.ts'

const ask = (given: Partial<AskedQuestion>): AskedQuestion => ({
  ...EMPTY_QUESTION,
  id: 'q',
  words: 'Com’è?',
  ...given,
})
const one = ask({ id: 'one', options: ['Sì', 'No', 'Non so'] })
const several = ask({ id: 'several', kind: 'several', required: false, options: ['Pasta', 'Riso'] })
const scale = ask({ id: 'scale', kind: 'scale', lowLabel: 'male', highLabel: 'bene' })
const text = ask({ id: 'text', kind: 'text', required: false })

describe('when a questionnaire is open', () => {
  const life = {
    version: 1,
    publishedAt: new Date('2026-11-20T10:00:00Z'),
    opensAt: new Date('2026-11-23T08:00:00Z'),
    closesAt: new Date('2026-11-30T22:59:00Z'),
  }
  test.each([
    ['2026-11-23T07:59:59.999Z', 'scheduled'],
    ['2026-11-23T08:00:00.000Z', 'published'],
    ['2026-11-30T22:58:59.999Z', 'published'],
    ['2026-11-30T22:59:00.000Z', 'expired'],
  ])('at %s it is %s', (at, state) => {
    expect(stateAt(questionnaireLife(life), new Date(at))).toBe(state)
  })
  test('and before it is published it is a draft, whatever its dates', () => {
    expect(stateAt(questionnaireLife({ ...life, publishedAt: null }), new Date('2026-11-25T00:00:00Z'))).toBe(
      'draft',
    )
  })
})

describe('what must be there before publishing', () => {
  const now = new Date('2026-11-23T08:00:00Z')
  const draft: QuestionnaireDraft = {
    title: 'Com’è la mensa?',
    intro: '',
    per: 'child',
    anonymous: true,
    showsResults: true,
    schoolIds: [],
    classIds: [],
    opensAt: null,
    closesAt: new Date('2026-12-01T08:00:00Z'),
    questions: [one, several, scale, text],
  }
  const fields = (given: Partial<QuestionnaireDraft>) =>
    publishProblems({ ...draft, ...given }, now).map(({ field }) => field)

  test('a whole one has nothing to put right', () => expect(fields({})).toEqual([]))
  test('title, end and questions must be there', () =>
    expect(fields({ title: '', closesAt: null, questions: [] })).toEqual(['title', 'closesAt', 'add']))
  test('an end must lie in the future, after the beginning', () => {
    expect(fields({ closesAt: now })).toEqual(['closesAt'])
    expect(fields({ opensAt: new Date('2026-12-01T08:00:00Z') })).toEqual(['closesAt'])
  })
  test('each question has its words, two choices at least, both ends of its scale', () =>
    expect(
      fields({
        questions: [
          { ...one, words: '' },
          { ...several, options: ['Solo questa'] },
          { ...scale, lowLabel: '' },
        ],
      }),
    ).toEqual(['q0.words', 'q1.options', 'q2.lowLabel']))
})

describe('the composer', () => {
  test('reads as many questions as there are, options one per line, without doubles and blanks', () => {
    const form = {
      'q0.kind': 'several',
      'q0.words': ' Che cosa ti piace? ',
      'q0.options': 'Pasta\r\n\r\n Riso \nPasta',
      'q0.required': 'on',
      'q1.kind': 'inventato',
      'q3.kind': 'text',
    }
    expect(readQuestions(form)).toEqual([
      { ...EMPTY_QUESTION, kind: 'several', words: 'Che cosa ti piace?', options: ['Pasta', 'Riso'] },
      { ...EMPTY_QUESTION, required: false },
    ])
  })
  test('adds, removes and moves; a place that is not there changes nothing', () => {
    const list = [one, several, scale]
    expect(rearrangeQuestions(list, 'add')).toEqual([...list, EMPTY_QUESTION])
    expect(rearrangeQuestions(list, 'remove-1')).toEqual([one, scale])
    expect(rearrangeQuestions(list, 'up-2')).toEqual([one, scale, several])
    expect(rearrangeQuestions(list, 'down-0')).toEqual([several, one, scale])
    for (const act of ['up-0', 'down-2', 'remove-9', 'save', 'up-x'])
      expect(rearrangeQuestions(list, act)).toEqual(list)
  })
})

describe('what a family answers', () => {
  const questions = [one, several, scale, text]
  test('is read question by question', () => {
    const { answers, problems } = readAnswers(questions, {
      'r-one': '2',
      'r-several': ['1', '0', '1'],
      'r-scale': '5',
      'r-text': ' buono\r\ndavvero ',
    })
    expect(problems).toEqual({})
    expect(answers).toEqual([
      { questionId: 'one', chosen: [2], words: null },
      { questionId: 'several', chosen: [0, 1], words: null },
      { questionId: 'scale', chosen: [5], words: null },
      { questionId: 'text', chosen: null, words: 'buono\ndavvero' },
    ])
  })
  test('may leave out what is not required, and nothing else', () => {
    const { answers, problems } = readAnswers(questions, { 'r-scale': '1', 'r-text': '  ' })
    expect(answers).toHaveLength(1)
    expect(problems).toEqual({ 'r-one': 'questionnaires:required' })
  })
  test.each([
    [one, '3'],
    [one, ['0', '1']],
    [one, '-1'],
    [scale, '0'],
    [scale, '6'],
    [several, ['0', '7']],
    [text, 'x'.repeat(2_001)],
  ])('is refused when it is none of the possible ones (%#)', (question, value) => {
    const { answers, problems } = readAnswers([question], { [`r-${question.id}`]: value })
    expect(answers).toEqual([])
    expect(Object.keys(problems)).toEqual([`r-${question.id}`])
  })
  test('never breaks, whatever is sent', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const question of questions) readAnswers([question], { [`r-${question.id}`]: value })
      }),
    )
  })
  test('says the same in another order', () => {
    const a = { questionId: 'one', chosen: [1], words: null }
    const b = { questionId: 'text', chosen: null, words: 'x' }
    expect(sameAnswers([a, b], [b, a])).toBe(true)
    expect(sameAnswers([a, b], [a])).toBe(false)
  })
})

describe('results', () => {
  const count = (questionId: string, numbers: Record<string, number>, people: number) => [
    { questionId, value: null, people },
    ...Object.entries(numbers).map(([value, n]) => ({ questionId, value: Number(value), people: n })),
  ]
  const bars = (question: AskedQuestion, numbers: Record<string, number>, people: number, protects = true) =>
    resultsOf([question], count(question.id, numbers, people), protects)[0]

  test('hide a small number, and a second one that would give it away', () =>
    expect(bars(one, { 0: 20, 1: 3, 2: 7 }, 30)?.bars.map((bar) => bar.people)).toEqual([20, null, null]))
  test('say nothing of fewer than five people', () =>
    expect(bars(one, { 0: 4 }, 4)).toMatchObject({ answered: null, bars: [{ people: null }, {}, {}] }))
  test('of a question with several answers hide only what is small', () =>
    expect(bars(several, { 0: 2, 1: 9 }, 10)?.bars.map((bar) => bar.people)).toEqual([null, 9]))
  test('with names show everything to the office, with the mean of a scale', () => {
    expect(bars(scale, { 1: 1, 4: 2 }, 3, false)).toMatchObject({ answered: 3, mean: 3 })
    expect(bars(scale, { 1: 1, 4: 6 }, 7)?.mean).toBeNull()
  })
  test('never let a hidden number be found by subtraction', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { minLength: 3, maxLength: 3 }), (numbers) => {
        const total = numbers.reduce((sum, n) => sum + n, 0)
        const shown =
          bars(one, { 0: numbers[0] ?? 0, 1: numbers[1] ?? 0, 2: numbers[2] ?? 0 }, total)?.bars ?? []
        const hidden = shown.filter((bar) => bar.people === null)
        expect(hidden.length).not.toBe(1)
        for (const bar of shown) expect(bar.people === null || bar.people === 0 || bar.people >= 5).toBe(true)
      }),
    )
  })
  test('in a spreadsheet run no formula and show nothing that the page hides', () => {
    const results = resultsOf(
      [ask({ id: 'one', words: '=HYPERLINK("x")', options: ['+Sì', 'No'] })],
      [],
      true,
    )
    const csv = resultsCsv(results, {})
    expect(csv).toContain(`"'=HYPERLINK(""x"")";'+Sì;non mostrato`)
  })
})
