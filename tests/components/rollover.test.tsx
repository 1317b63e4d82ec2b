import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import { ClassesForm } from '#components/office/rollover/classes-form.tsx'
import { type PupilLine, PupilsForm } from '#components/office/rollover/pupils-form.tsx'
import { type RolloverAction, RulesForm } from '#components/office/rollover/rules-form.tsx'

const TARGETS = [
  { id: 't2a', name: '2A', schoolName: 'Rodari' },
  { id: 't1a', name: '1A', schoolName: 'Calvino' },
]
const HIDDEN = { municipalitySlug: 'mozzecane', rolloverId: 'r', revision: 3 }

/** An action that keeps what it got and answers with an error, or well. */
function keeping(message?: string) {
  const sent: FormData[] = []
  const action: RolloverAction = async (_, form) => {
    sent.push(form)
    return message
      ? { ok: false, error: { message, fields: {} }, typed: {} }
      : { ok: true, value: null, typed: {} }
  }
  return { sent, action }
}

describe('the form of the classes', () => {
  const line = { schoolName: 'Rodari', pupils: 20, moving: 18, leaving: 0, apart: 2, href: '/c' }
  const classes = [
    { ...line, id: 'c1', name: '1A', toClassId: 't2a', leaves: false },
    { ...line, id: 'c5', name: '5A', toClassId: null, leaves: true },
    { ...line, id: 'cx', name: 'Girasoli', toClassId: null, leaves: false },
  ]

  test('shows where each class goes, and sends each as a pair', async () => {
    const { sent, action } = keeping()
    render(<ClassesForm action={action} hidden={HIDDEN} classes={classes} targets={TARGETS} />)
    const first = screen.getByLabelText('Dove va la classe 1A, Rodari')
    expect(first).toHaveDisplayValue('2A')
    expect(screen.getByLabelText('Dove va la classe 5A, Rodari')).toHaveDisplayValue('Escono dalla mensa')
    expect(screen.getByLabelText('Dove va la classe Girasoli, Rodari')).toHaveDisplayValue('Da decidere')
    await userEvent.selectOptions(first, '1A · Calvino')
    await userEvent.click(screen.getByRole('button', { name: 'Salva dove vanno le classi' }))
    expect(sent[0]?.getAll('to[]')).toEqual(['c1:t1a', 'c5:esce', 'cx:'])
    expect(sent[0]?.get('revision')).toBe('3')
  })

  test('says that another person was first', async () => {
    const { action } = keeping('Intanto Elena ha cambiato questa parte del passaggio.')
    render(<ClassesForm action={action} hidden={HIDDEN} classes={classes} targets={TARGETS} />)
    await userEvent.click(screen.getByRole('button', { name: 'Salva dove vanno le classi' }))
    expect(await screen.findByText(/Intanto Elena ha cambiato/)).toBeVisible()
  })
})

describe('the list of the pupils', () => {
  const pupil = (given: Partial<PupilLine>): PupilLine => ({
    ...{ key: 'p1 mensa', pupilId: 'p1', mayTick: true, name: 'Greta Albertini', family: '/f' },
    ...{ outcome: 'Da decidere', why: 'non ha rinnovato', from: '1A · Rodari', to: '–', notes: ['Mensa'] },
    ...given,
  })
  const list = [pupil({}), pupil({ key: 'p1 merenda', mayTick: false, notes: ['Merenda'] })]

  test('takes a decision for the ticked ones, each once', async () => {
    const { sent, action } = keeping()
    render(<PupilsForm action={action} hidden={HIDDEN} pupils={list} total={2} targets={TARGETS} />)
    await userEvent.click(screen.getByRole('checkbox', { name: 'Greta Albertini' }))
    await userEvent.selectOptions(screen.getByLabelText('Gli alunni segnati'), 'Escono dalla mensa')
    await userEvent.click(screen.getByRole('button', { name: 'Salva per gli alunni segnati' }))
    expect(sent[0]?.getAll('pupils[]')).toEqual(['p1'])
    expect(sent[0]?.get('decision')).toBe('leaves')
  })

  test('is only read once the roll-over is done', () => {
    render(<PupilsForm action={null} hidden={HIDDEN} pupils={list} total={2} targets={TARGETS} />)
    expect(screen.queryByRole('checkbox')).toBeNull()
    expect(screen.queryByRole('button')).toBeNull()
    expect(within(screen.getByRole('table')).getAllByText('non ha rinnovato')).toHaveLength(2)
  })
})

test('the rules offer the forms of the new year and the diets of the old one', async () => {
  const { sent, action } = keeping()
  render(
    <RulesForm
      action={action}
      hidden={HIDDEN}
      forms={[{ id: 'f', title: 'Rinnovo 2027' }]}
      diets={[{ code: 'D01', name: 'Senza glutine', pupils: 3 }]}
      chosen={{ renewalFormId: null, lapsingDiets: [] }}
      label="Prepara il passaggio"
    />,
  )
  await userEvent.selectOptions(screen.getByRole('combobox'), 'Sì, con «Rinnovo 2027»')
  await userEvent.click(screen.getByRole('checkbox', { name: 'D01 Senza glutine: alunni 3' }))
  await userEvent.click(screen.getByRole('button', { name: 'Prepara il passaggio' }))
  expect(sent[0]?.get('renewalFormId')).toBe('f')
  expect(sent[0]?.getAll('diets[]')).toEqual(['D01'])
})
