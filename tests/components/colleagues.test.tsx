import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import { ClassListCard } from '#components/office/class-list-card.tsx'
import { RoleTable } from '#components/office/colleagues/colleague-table.tsx'
import { InviteForm } from '#components/office/colleagues/invite-form.tsx'
import { RoleEndForm } from '#components/office/colleagues/role-end-form.tsx'
import type { ClassList } from '#lib/meals/office/class-list.ts'
import type { HeldRole, OfficeColleague } from '#lib/people/office/colleague.ts'
import { rolesInWords } from '#lib/people/office/colleague.words.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'

const TODAY = '2026-11-24'
const held = (given: Partial<HeldRole>): HeldRole => ({
  ...{
    id: crypto.randomUUID(),
    role: 'operator',
    schoolId: null,
    classId: null,
    kitchenId: null,
    schoolName: null,
    className: null,
    kitchenName: null,
  },
  ...{ from: '2026-09-01', to: null, endedAt: null, givenBy: null, endedBy: null },
  ...given,
})
const paola: OfficeColleague = {
  personId: 'p',
  name: 'Paola Ferrari',
  email: null,
  roles: [
    held({ id: 'coming', role: 'manager', from: '2027-01-01', givenBy: 'Elena Marchi' }),
    held({ id: 'now', role: 'teacher', schoolName: 'Primaria Alighieri', className: '3A', to: '2027-08-31' }),
    held({ id: 'over', role: 'accountant', endedAt: '2026-10-05T08:30:00Z', endedBy: 'Elena Marchi' }),
  ],
}
const PLACES = {
  schools: [{ id: 's', name: 'Primaria Alighieri', classes: [{ id: 'c', name: '3A', year: '2026/2027' }] }],
  kitchens: [{ id: 'k', name: 'Centro cottura', serves: ['Primaria Alighieri'] }],
}

/** An action that previews what comes until it is confirmed, and keeps what it got. */
function pressed(typed: Record<string, string>) {
  const sent: FormData[] = []
  const action = async (_: unknown, form: FormData) => {
    sent.push(form)
    const preview = { lines: ['Paola Ferrari ha un ruolo.'], seen: 's', after: '', typed }
    return { ok: true as const, typed: {}, value: { preview } }
  }
  return { sent, action }
}

describe('the colleagues', () => {
  test('are listed with the roles that they have and will have, with place and dates', () => {
    expect(rolesInWords(paola, TODAY)).toEqual([
      'Responsabile, dal 01/01/2027, senza una fine (da venire)',
      'Insegnante, 3A, Primaria Alighieri, dal 01/09/2026 fino al 31/08/2027',
    ])
  })

  test('have on their page all roles, and a way to end those that are not over', () => {
    render(<RoleTable colleague={paola} today={TODAY} here="/colleghi/p" />)
    const rows = screen.getAllByRole('row').slice(1)
    expect(rows.map((row) => within(row).queryByRole('link')?.getAttribute('href') ?? null)).toEqual([
      '/colleghi/p/ruoli/coming',
      '/colleghi/p/ruoli/now',
      null,
    ])
    expect(rows[2]).toHaveTextContent('tolto il 05/10/2026 alle 10:30 da Elena Marchi')
  })

  test('are invited in two presses, with what was typed and chosen kept between them', async () => {
    const user = userEvent.setup()
    const { sent, action } = pressed({
      givenName: 'Paola',
      'roles[]': 'editor,kitchen:k,teacher:c',
      from: TODAY,
    })
    render(
      <InviteForm
        municipalitySlug="mozzecane"
        today={TODAY}
        places={PLACES}
        initial={UNTOUCHED}
        action={action}
      />,
    )
    expect(screen.getByLabelText('Da quando')).toHaveValue(TODAY)
    expect(screen.queryByRole('button', { name: 'Conferma e invita' })).toBeNull()
    await user.type(screen.getByLabelText('Nome'), 'Paola')
    await user.click(screen.getByRole('checkbox', { name: 'Redazione del Comune' }))
    await user.click(screen.getByText('Solo per una cucina'))
    expect(screen.getByRole('checkbox', { name: 'Centro cottura' })).toHaveAccessibleDescription(
      /Oggi: Primaria Alighieri\.$/,
    )
    await user.click(screen.getByRole('checkbox', { name: 'Centro cottura' }))
    await user.click(screen.getByText(/^Solo per Primaria Alighieri/))
    await user.click(screen.getByRole('checkbox', { name: 'Insegnante della classe 3A' }))
    await user.click(screen.getByRole('button', { name: 'Mostra che cosa succederà' }))
    expect(await screen.findByText('Paola Ferrari ha un ruolo.')).toBeVisible()
    expect(screen.getByLabelText('Nome')).toHaveValue('Paola')
    expect(screen.getByRole('checkbox', { name: 'Insegnante della classe 3A' })).toBeChecked()
    await user.click(screen.getByRole('button', { name: 'Conferma e invita' }))
    expect(sent.map((form) => [form.get('intent'), form.get('seen'), form.getAll('roles[]')])).toEqual([
      ['preview', null, ['editor', 'kitchen:k', 'teacher:c']],
      ['confirm', 's', ['editor', 'kitchen:k', 'teacher:c']],
    ])
  })

  test('lose a role in two presses too', async () => {
    const user = userEvent.setup()
    const { sent, action } = pressed({ end: 'now', lastDay: '' })
    render(
      <RoleEndForm
        municipalitySlug="mozzecane"
        roleId="r"
        lastDay={null}
        initial={UNTOUCHED}
        action={action}
      />,
    )
    await user.click(screen.getByRole('radio', { name: 'Subito' }))
    await user.click(screen.getByRole('button', { name: 'Mostra che cosa succederà' }))
    await user.click(await screen.findByRole('button', { name: 'Conferma' }))
    expect(sent.map((form) => [form.get('intent'), form.get('end'), form.get('roleId')])).toEqual([
      ['preview', 'now', 'r'],
      ['confirm', 'now', 'r'],
    ])
  })
})

describe('the list of a class', () => {
  const list: ClassList = {
    ...{
      classId: 'c',
      className: '3A',
      schoolName: 'Primaria Alighieri',
      serviceName: 'Refezione Scolastica',
    },
    day: 'open',
    pupils: [
      { pupilId: 'g', givenName: 'Greta', familyName: 'Albertini', isAbsent: true, eatsToday: true },
      { pupilId: 's', givenName: 'Sofia', familyName: 'Albertini', isAbsent: false, eatsToday: true },
      { pupilId: 't', givenName: 'Tobia', familyName: 'Albertini', isAbsent: false, eatsToday: false },
    ],
  }

  test('says who eats, who does not and how many', () => {
    render(<ClassListCard list={list} />)
    expect(screen.getByRole('region', { name: '3A, Primaria Alighieri' })).toHaveTextContent(
      'Mangiano in 1 su 3.',
    )
    expect(screen.getByRole('row', { name: /Albertini Greta/ })).toHaveTextContent('Assente')
    expect(screen.getByRole('row', { name: /Albertini Sofia/ })).toHaveTextContent('Presente')
    expect(screen.getByRole('row', { name: /Albertini Tobia/ })).toHaveTextContent('Oggi non mangia')
  })

  test.each([
    ['suspended', 'Oggi la mensa è sospesa per questa classe.'],
    ['none', 'Oggi la mensa non c’è per questa classe.'],
  ] as const)('names no pupil on a day that is %s', (day, words) => {
    render(<ClassListCard list={{ ...list, day }} />)
    expect(screen.getByText(words, { exact: false })).toBeVisible()
    expect(screen.queryByText(/Greta/)).toBeNull()
  })
})
