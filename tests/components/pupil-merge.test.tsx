import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import type { PreviewAction } from '#components/office/preview-form.tsx'
import { MergeForm, PairTable, UndoMergeForm } from '#components/office/pupil-merge.tsx'
import { ApartForm, ApartList } from '#components/office/told-apart.tsx'
import type { MergeFacts, MergeSide } from '#lib/people/office/pupil-merge.ts'
import type { ToldApart } from '#lib/people/office/told-apart.ts'

const ONE: MergeSide = {
  ...{ id: 'p1', givenName: 'Greta', familyName: 'Albertini', birthDay: '2018-03-02' },
  ...{ fiscalCode: 'LBRGRT18C42L781X', householdId: 'h1', householdName: 'Conti' },
  ...{
    fares: [],
    waiting: 0,
    isDivided: false,
    delegates: [],
    chargedMeals: 12,
    documents: 1,
    alone: [],
    cancelled: [],
  },
  enrolments: [
    {
      ...{
        id: 'e1',
        serviceId: 's',
        schoolId: 'x',
        classId: 'c',
        yearId: 'y',
        dietCode: 'STD',
        severe: false,
        weekdays: null,
      },
      ...{ from: '2026-09-14', to: '2027-06-05', where: '3A · Rodari' },
    },
  ],
}
const OTHER: MergeSide = {
  ...ONE,
  ...{
    id: 'p2',
    givenName: 'Greta Maria',
    fiscalCode: '12345678901',
    householdId: 'h2',
    householdName: 'Bassani',
  },
  ...{ alone: [{ serviceId: 's', balanceCents: 5_400 }], cancelled: [{ serviceId: 's', day: '2026-11-26' }] },
}
const FACTS: MergeFacts = {
  one: ONE,
  other: OTHER,
  services: [{ id: 's', name: 'Refezione', firstDay: '2026-11-24' }],
}
const HIDDEN = { municipalitySlug: 'mozzecane', oneId: 'p1', otherId: 'p2' }

function keeping() {
  const sent: FormData[] = []
  const action: PreviewAction = async (_, form) => {
    sent.push(form)
    const typed = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
    return { ok: true, value: { lines: ['Resta Greta.'], seen: { seen: 'abc' }, typed }, typed: {} }
  }
  return { sent, action }
}

describe('two who look like one', () => {
  test('are told apart with a reason if there is one, and the mark is taken back by its own name', async () => {
    const sent: FormData[] = []
    const action = async (_: unknown, form: FormData) => {
      sent.push(form)
      return { ok: true as const, typed: {} }
    }
    render(<ApartForm hidden={{ ...HIDDEN, kind: 'pupil' }} action={action} />)
    await userEvent.type(screen.getByLabelText('Come lo sai'), 'Gemelle')
    await userEvent.click(screen.getByRole('button', { name: 'Sono due diversi' }))
    const apart: ToldApart[] = [
      {
        ...{ id: 't1', kind: 'household', names: ['Conti', 'Bassani'], reason: '' },
        ...{ toldAt: new Date('2026-11-24T08:00:00Z'), toldBy: 'Elena Marchi' },
      },
    ]
    render(<ApartList municipalitySlug="mozzecane" apart={apart} action={action} />)
    expect(screen.getByRole('row', { name: /Conti e Bassani/ })).toHaveTextContent('famiglie')
    await userEvent.click(screen.getByRole('button', { name: 'Togli il segno a Conti e Bassani' }))
    expect(sent.map((form) => [form.get('kind'), form.get('reason'), form.get('id')])).toEqual([
      ['pupil', 'Gemelle', null],
      [null, null, 't1'],
    ])
  })
})

describe('two pupils side by side', () => {
  test('say what each has, and lead to both families', () => {
    render(<PairTable families="/admin/mozzecane/famiglie" facts={FACTS} goneId={null} />)
    const row = screen.getByRole('row', { name: /Codice fiscale/ })
    expect(
      within(row)
        .getAllByRole('cell')
        .map(({ textContent }) => textContent),
    ).toEqual(['LBRGRT18C42L781X', '12345678901'])
    expect(screen.getByRole('link', { name: 'Bassani' })).toHaveAttribute(
      'href',
      '/admin/mozzecane/famiglie/h2',
    )
    expect(screen.getByRole('row', { name: /Conti che resterebbero/ })).toHaveTextContent(
      /Refezione: .*54,00/,
    )
  })

  test('say which one went, once they are merged', () => {
    render(<PairTable families="/f" facts={FACTS} goneId="p2" />)
    expect(screen.getByRole('columnheader', { name: /Il secondo/ })).toHaveTextContent('unito all’altro')
  })

  test('are merged by two presses: the second sends the choice and the mark of the first', async () => {
    const { sent, action } = keeping()
    render(<MergeForm hidden={HIDDEN} facts={FACTS} action={action} />)
    await userEvent.selectOptions(screen.getByLabelText('Codice fiscale'), 'il secondo: 12345678901')
    await userEvent.type(screen.getByLabelText('Motivo'), 'Inserita due volte')
    await userEvent.click(screen.getByRole('button', { name: 'Vedi che cosa succederà' }))
    expect(await screen.findByText('Resta Greta.')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Conferma: sono lo stesso' }))
    expect(
      sent.map((form) => ['intent', 'keep', 'code', 'seen', 'reason'].map((name) => form.get(name))),
    ).toEqual([
      ['preview', 'one', 'other', null, 'Inserita due volte'],
      ['confirm', 'one', 'other', 'abc', 'Inserita due volte'],
    ])
  })

  test('are two again by two presses', async () => {
    const { sent, action } = keeping()
    const merge = {
      ...{ id: 'm1', keptId: 'p1', goneId: 'p2', fingerprint: 'f' },
      ...{ doneAt: new Date('2026-11-24T08:00:00Z'), doneBy: 'Elena Marchi', doneById: 'x' },
    }
    render(<UndoMergeForm hidden={{ ...HIDDEN, mergeId: 'm1' }} merge={merge} action={action} />)
    await userEvent.type(screen.getByLabelText('Motivo'), 'Erano gemelle')
    await userEvent.click(screen.getByRole('button', { name: 'Vedi che cosa succederà' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Conferma: sono due alunni' }))
    expect(sent.map((form) => [form.get('mergeId'), form.get('seen')])).toEqual([
      ['m1', null],
      ['m1', 'abc'],
    ])
  })
})
