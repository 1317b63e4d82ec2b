import { cleanup, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test, vi } from 'vitest'
import { AnswerForm } from '#components/questionnaires/answer-form.tsx'
import { QuestionnaireResults } from '#components/questionnaires/results.tsx'
import { WhatIsKnown } from '#components/questionnaires/what-is-known.tsx'
import { type AskedQuestion, EMPTY_QUESTION, resultsOf } from '#lib/questionnaires/questionnaire.ts'
import type { FormState } from '#lib/web/form-state.ts'

const one: AskedQuestion = { ...EMPTY_QUESTION, id: 'a', words: 'Ti piace?', options: ['Sì', 'No'] }
const scale: AskedQuestion = {
  ...EMPTY_QUESTION,
  id: 'b',
  kind: 'scale',
  words: 'Quanto?',
  lowLabel: 'poco',
  highLabel: 'molto',
}
const text: AskedQuestion = { ...EMPTY_QUESTION, id: 'c', kind: 'text', words: 'Perché?', required: false }

type Act = (previous: FormState, form: FormData) => Promise<FormState>
const form = (action: Act, own = {}) =>
  render(
    <AnswerForm
      hidden={{ municipalitySlug: 'mozzecane', id: 'x', pupilId: '', base: '' }}
      questions={[one, scale, text]}
      own={own}
      label="Manda la risposta"
      action={action}
    />,
  )

describe('the form of a family', () => {
  test('asks each question as a group with its answers; both ends of a scale are in words', () => {
    form(vi.fn())
    const group = screen.getByRole('group', { name: /2\. Quanto\?/ })
    expect(within(group).getAllByRole('radio')).toHaveLength(5)
    expect(within(group).getByRole('radio', { name: /^1\s*– poco$/ })).toBeDefined()
    expect(within(group).getByRole('radio', { name: /^5\s*– molto$/ })).toBeDefined()
    expect(screen.getByRole('textbox', { name: '3. Perché? (facoltativa)' })).toBeDefined()
  })

  test('J5 describes a group only with what is there', () => {
    form(vi.fn())
    for (const group of screen.getAllByRole('group'))
      expect(group.getAttribute('aria-describedby') ?? 'no attribute').toMatch(/\S/)
  })

  test('sends what was chosen', async () => {
    const action = vi.fn<Act>().mockResolvedValue({ ok: true, typed: {} })
    form(action)
    await userEvent.click(screen.getByRole('radio', { name: 'No' }))
    await userEvent.click(screen.getByRole('button', { name: 'Manda la risposta' }))
    expect(Object.fromEntries(action.mock.calls[0]?.[1] ?? [])).toMatchObject({
      'r-a': '1',
      municipalitySlug: 'mozzecane',
    })
  })

  test.each([
    ['the network is gone', new TypeError('Failed to fetch'), /Non c’è rete/],
    [
      'the session has ended',
      Object.assign(new Error(), { digest: 'NEXT_HTTP_ERROR_FALLBACK;404' }),
      /La sessione è finita/,
    ],
  ])('says that nothing was sent when %s, and keeps what was typed', async (_, error, words) => {
    form(vi.fn<Act>().mockRejectedValue(error))
    await userEvent.type(screen.getByRole('textbox'), 'Buono.')
    await userEvent.click(screen.getByRole('radio', { name: 'Sì' }))
    await userEvent.click(screen.getByRole('button', { name: 'Manda la risposta' }))
    expect(await screen.findByRole('alert')).toHaveTextContent(words)
    expect(screen.getByRole('textbox')).toHaveValue('Buono.')
    expect(screen.getByRole('radio', { name: 'Sì' })).toBeChecked()
  })

  test('shows which answer is missing beside its question', async () => {
    const error = { message: 'Controlla', fields: { 'r-a': 'Manca la risposta a questa domanda.' } }
    form(vi.fn<Act>().mockResolvedValue({ ok: false, error, typed: {} }))
    await userEvent.click(screen.getByRole('button', { name: 'Manda la risposta' }))
    const link = await screen.findByRole('link', { name: /Manca la risposta/ })
    const target = document.getElementById(link.getAttribute('href')?.slice(1) ?? '')
    expect(target).toBe(screen.getByRole('radio', { name: 'Sì' }))
  })
})

describe('results', () => {
  test('show numbers in a table, and say where they are too small', () => {
    const counts = [
      { questionId: 'b', value: null, people: 30 },
      { questionId: 'b', value: 4, people: 20 },
      { questionId: 'b', value: 5, people: 7 },
      { questionId: 'b', value: 1, people: 3 },
    ]
    render(<QuestionnaireResults results={resultsOf([scale, one], counts, true)} />)
    const table = screen.getByRole('table', { name: '1. Quanto?' })
    expect(within(table).getByRole('row', { name: /4/ })).toHaveTextContent('20')
    expect(within(table).getByRole('row', { name: /1 – poco/ })).toHaveTextContent('non mostrato')
    expect(screen.getByText(/in meno di 5/)).toBeDefined()
  })
})

test('what is known is said in plain words', () => {
  const { container } = render(<WhatIsKnown anonymous showsResults={false} />)
  expect(container).toHaveTextContent('non che cosa')
  cleanup()
  expect(render(<WhatIsKnown anonymous={false} showsResults />).container).toHaveTextContent(
    'L’ufficio può sapere chi ha risposto',
  )
})
