import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import { StepForm } from '#components/forms/step-form.tsx'
import { DecisionForm } from '#components/office/forms/decision-form.tsx'
import { askedField, outlineOf } from '#lib/forms/form-screen.ts'
import { TEMPLATES } from '#lib/forms/office/templates.ts'
import type { FormState } from '#lib/web/form-state.ts'

const { definition } = TEMPLATES.enrolment
const facts = {
  pupils: [{ id: 'greta', name: 'Greta Albertini', where: 'Primaria, 3A', schoolId: null, classId: null }],
  schools: [{ id: 's', name: 'Primaria' }],
  documents: [],
}

type Answered = Parameters<typeof StepForm>[0]['action']

const draw = (action: Answered) => {
  const step = definition.steps[0]
  render(
    <StepForm
      hidden={{
        municipalitySlug: 'mozzecane',
        formId: 'f',
        householdId: 'h',
        famiglia: '',
        stepId: 'figlio',
        torna: '',
      }}
      revision={0}
      fields={(step?.fields ?? []).map((field) => askedField(field, definition, facts))}
      outline={outlineOf(definition)}
      answers={{}}
      documents={[]}
      documentPath="/d/"
      backHref="/indietro"
      action={action}
    />,
  )
}

const save = async () => userEvent.click(await screen.findByRole('button', { name: 'Salva e continua' }))

describe('a step of a form', () => {
  test('questions about a new child come up when one is chosen, and go when not', async () => {
    draw(async (state) => state)
    expect(screen.queryByLabelText('Nome')).not.toBeInTheDocument()
    await userEvent.click(screen.getByLabelText('Un altro figlio'))
    expect(screen.getByLabelText('Nome')).toBeDefined()
    await userEvent.click(screen.getByLabelText('Greta Albertini'))
    expect(screen.queryByLabelText('Nome')).not.toBeInTheDocument()
  })

  test('what is to be put right is named, leads to its field, and nothing typed is lost', async () => {
    const sent: FormData[] = []
    draw(async (_state, form) => {
      sent.push(form)
      return {
        ok: true,
        typed: {},
        value: {
          revision: 1,
          problems: { cognome: 'Scrivi una risposta.' },
          answers: { alunno: 'nuovo', nome: 'Anna' },
          documents: [],
        },
      }
    })
    await userEvent.click(screen.getByLabelText('Un altro figlio'))
    await userEvent.type(screen.getByLabelText('Nome'), 'Anna')
    await save()
    const link = within(await screen.findByRole('alert')).getByRole('link', {
      name: 'Cognome: Scrivi una risposta.',
    })
    expect(link).toHaveAttribute('href', '#a-cognome')
    expect(screen.getByLabelText('Nome')).toHaveValue('Anna')
    await save()
    await waitFor(() =>
      expect(sent.map((form) => [form.get('revision'), form.get('a-nome')])).toEqual([
        ['0', 'Anna'],
        ['1', 'Anna'],
      ]),
    )
  })

  test.each([
    ['the line drops', new TypeError('Failed to fetch'), 'Sembra che manchi la rete.'],
    [
      'the session ended',
      Object.assign(new Error(), { digest: 'NEXT_HTTP_ERROR_FALLBACK;404' }),
      'Accedi di nuovo',
    ],
  ])('when %s the words stay and say so', async (_case, failure, words) => {
    draw(async () => {
      throw failure
    })
    await userEvent.click(screen.getByLabelText('Un altro figlio'))
    await userEvent.type(screen.getByLabelText('Nome'), 'Anna')
    await save()
    expect(await screen.findByRole('alert')).toHaveTextContent(words)
    expect(screen.getByLabelText('Nome')).toHaveValue('Anna')
  })

  test('a refusal keeps what was typed', async () => {
    draw(
      async (_state, form): Promise<FormState<never>> => ({
        ok: false,
        error: { message: 'Intanto la bozza è cambiata', fields: {} },
        typed: { 'a-alunno': String(form.get('a-alunno')) },
      }),
    )
    await userEvent.click(screen.getByLabelText('Greta Albertini'))
    await save()
    await screen.findByText('Intanto la bozza è cambiata')
    expect(screen.getByLabelText('Greta Albertini')).toBeChecked()
  })
})

test.each([
  [false, 'Conferma e accogli'],
  [true, 'Conferma la correzione'],
])(
  'the office confirms only after it has read what will happen (correction: %s)',
  async (isCorrection, confirm) => {
    render(
      <DecisionForm
        hidden={{ municipalitySlug: 'mozzecane', id: 'x' }}
        kind="diet"
        proposed={{
          classId: '',
          dietCode: '',
          bandCode: '',
          from: '2026-11-25',
          to: '',
          nextDietCode: '',
          severe: '',
        }}
        classes={[]}
        diets={[{ value: 'D01', label: 'D01 · Senza glutine' }]}
        bands={[]}
        isCorrection={isCorrection}
        firstDayInWords="mercoledì 25 novembre"
        action={async (_state, form) => ({
          ok: true,
          typed: {},
          value: {
            lines: ['Dal 25 novembre la cucina prepara senza glutine.'],
            after: '',
            seen: 'mark',
            typed: {
              classId: '',
              dietCode: String(form.get('dietCode')),
              bandCode: '',
              from: '2026-11-25',
              to: '',
              nextDietCode: '',
              severe: '',
              note: '',
            },
          },
        })}
      />,
    )
    expect(screen.queryByRole('button', { name: confirm })).not.toBeInTheDocument()
    await userEvent.selectOptions(screen.getByLabelText('Dieta da preparare'), 'D01')
    await userEvent.click(screen.getByRole('button', { name: 'Mostra che cosa succederà' }))
    await screen.findByText('Dal 25 novembre la cucina prepara senza glutine.')
    expect(screen.getByRole('button', { name: confirm })).toBeVisible()
    expect(screen.getByLabelText('Dieta da preparare')).toHaveValue('D01')
  },
)
