import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FoundList } from '#components/office/frame/found-list.tsx'
import { OfficeBar } from '#components/office/frame/office-bar.tsx'
import { OfficeNavigation } from '#components/office/frame/office-navigation.tsx'
import { SearchDialog } from '#components/office/frame/search-dialog.tsx'
import { staffGroups } from '#components/shell/staff-sections.ts'
import type { StaffRole, Viewer } from '#lib/access/viewer.ts'
import type { YearSwitch } from '#lib/desk/frame.ts'
import type { WaitingWork } from '#lib/desk/waiting-work.ts'

const office = (role: StaffRole): Viewer => ({
  ...{ municipalityId: 'm', personId: 'p', citizenId: 'c', sessionId: 's', name: 'Elena', memberships: [] },
  staffRoles: [role],
})
const SINCE = new Date('2026-11-20T08:00:00Z')
const WAITING: WaitingWork[] = [
  { kind: 'requests', count: 3, oldest: SINCE },
  { kind: 'severe-diets', count: 1, oldest: SINCE },
  { kind: 'diets', count: 2, oldest: SINCE },
]

describe('the navigation of the office', () => {
  const draw = (role: StaffRole, path = '/admin/paese/famiglie/nuova') =>
    render(<OfficeNavigation groups={staffGroups('paese', office(role))} waiting={WAITING} path={path} />)

  test('says beside a place how much waits there, to the ear in words', () => {
    draw('operator')
    const requests = screen.getByRole('link', { name: 'Moduli e domande' })
    expect(requests).toHaveTextContent('3')
    expect(requests).toHaveAccessibleDescription('3 domande da decidere')
    const diets = screen.getByRole('link', { name: 'Diete' })
    expect(diets).toHaveTextContent('3')
    expect(diets).toHaveAccessibleDescription(
      '1 dieta da decidere con rischio di reazione grave e 2 diete da definire',
    )
    expect(screen.getByRole('link', { name: 'Famiglie' })).not.toHaveAccessibleDescription()
  })

  test('marks the place of a page below it, and only that', () => {
    draw('operator')
    const current = screen.getAllByRole('link').filter((link) => link.hasAttribute('aria-current'))
    expect(current.map((link) => link.textContent)).toEqual(['Famiglie'])
  })

  test('shows a kitchen one group and no count', () => {
    draw('kitchen')
    expect(screen.getAllByRole('link').map((link) => link.textContent)).toEqual(['Conteggi di oggi'])
    expect(screen.getByText('Oggi')).toBeInTheDocument()
    expect(screen.queryByText('Persone')).not.toBeInTheDocument()
  })
})

describe('the bar of the office', () => {
  const YEAR: YearSwitch = {
    ...{ inSight: '2026/2027', of: 'page' },
    choices: [
      { name: '2026/2027', isCurrent: true, href: '/admin/paese/famiglie/classi?anno=2026%2F2027' },
      { name: '2027/2028', isCurrent: false, href: '/admin/paese/famiglie/classi?anno=2027%2F2028' },
    ],
  }
  const draw = (given: { year?: YearSwitch | null; offices?: number } = {}) =>
    render(
      <OfficeBar
        municipality={{ slug: 'paese', name: 'Paese' }}
        area="Area del gestore"
        offices={given.offices ?? 1}
        year={given.year === undefined ? YEAR : given.year}
        headerViewer={{ name: 'Elena Marchi', family: false, holder: false, staff: true }}
        search={<a href="/admin/paese/cerca">Cerca</a>}
      />,
    )

  test('has town and school year, and leads to the page of each year', () => {
    draw()
    expect(screen.getByRole('link', { name: /^Comune di Paese/ })).toHaveAttribute('href', '/admin/paese')
    const years = screen.getByRole('button', { name: /^Anno scolastico ?2026\/2027$/ })
    const menu = document.getElementById(years.getAttribute('popovertarget') ?? '')
    if (!menu) throw new Error('the button opens nothing')
    expect(
      within(menu)
        .getAllByRole('link', { hidden: true })
        .map((link) => [link.textContent, link.getAttribute('href')]),
    ).toEqual([
      ['2026/2027 (in corso)', '/admin/paese/famiglie/classi?anno=2026%2F2027'],
      ['2027/2028', '/admin/paese/famiglie/classi?anno=2027%2F2028'],
    ])
    expect(within(menu).getByText('Questa pagina in un altro anno')).toBeInTheDocument()
    expect(screen.queryByRole('link', { name: /^Passa a un altro/ })).not.toBeInTheDocument()
  })

  test('says that it leads to the classes where the page has no year', () => {
    draw({ year: { ...YEAR, of: 'classes' } })
    expect(screen.getByText('Classi dell’anno scolastico')).toBeInTheDocument()
  })

  test('only names the year where there is no other to go to, and none before there is any', () => {
    const { unmount } = draw({ year: { ...YEAR, choices: [] } })
    expect(screen.queryByRole('button', { name: /^Anno scolastico/ })).not.toBeInTheDocument()
    expect(screen.getByText('2026/2027')).toBeInTheDocument()
    unmount()
    draw({ year: null })
    expect(screen.queryByText('2026/2027')).not.toBeInTheDocument()
  })

  test('leads to the other municipalities of a person who works in more than one', () => {
    draw({ offices: 2 })
    expect(screen.getByRole('link', { name: 'Passa a un altro dei tuoi 2 Comuni' })).toHaveAttribute(
      'href',
      '/admin',
    )
  })
})

test('a list of what was found says that there is nothing, or that more letters are needed', () => {
  const { rerender } = render(<FoundList groups={[]} typed="zzz" shortest={2} />)
  expect(screen.getByRole('status')).toHaveTextContent('Niente con “zzz”.')
  rerender(<FoundList groups={[]} typed="z" shortest={2} />)
  expect(screen.getByRole('status')).toHaveTextContent('Scrivi almeno 2 lettere.')
})

describe('the dialog of the search', () => {
  const GROUPS = [
    {
      title: 'Alunni',
      lines: [
        { label: 'Greta Rossi', detail: '3A, Collodi', href: '#greta' },
        { label: 'Ada Rossi', detail: '1B, Collodi', href: '#ada' },
      ],
    },
    { title: 'Pagine', lines: [{ label: 'Tariffe', detail: 'Denaro', href: '#tariffe' }] },
  ]
  const asked = vi.fn()
  beforeEach(() => {
    asked.mockReset().mockImplementation(async () => Response.json({ groups: GROUPS }))
    vi.stubGlobal('fetch', asked)
    HTMLDialogElement.prototype.showModal = function showModal() {
      this.open = true
    }
    HTMLDialogElement.prototype.close = function close() {
      this.open = false
      this.dispatchEvent(new Event('close'))
    }
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    window.location.hash = ''
  })

  const opened = async () => {
    const person = userEvent.setup()
    render(<SearchDialog path="/admin/paese/cerca" />)
    await person.keyboard('{Control>}k{/Control}')
    return { person, field: await screen.findByRole('searchbox', { name: 'Che cosa cerchi' }) }
  }

  test('opens with Ctrl K, with Cmd K and by its link, which without scripts leads to the page', async () => {
    const person = userEvent.setup()
    render(<SearchDialog path="/admin/paese/cerca" />)
    const link = screen.getByRole('link', { name: 'Cerca' })
    expect(link).toHaveAttribute('href', '/admin/paese/cerca')
    for (const open of [
      () => person.keyboard('{Control>}k{/Control}'),
      () => person.keyboard('{Meta>}k{/Meta}'),
      () => person.click(link),
    ]) {
      await open()
      await screen.findByRole('searchbox', { name: 'Che cosa cerchi' })
      await person.click(screen.getByRole('button', { name: 'Chiudi' }))
      await waitFor(() => expect(screen.queryByRole('searchbox')).not.toBeInTheDocument())
    }
  })

  test('asks once for what was typed, and puts nothing else in the address', async () => {
    const { person, field } = await opened()
    await person.type(field, 'rossi è')
    await screen.findByText('Greta Rossi')
    expect(asked.mock.calls.map(([address]) => address)).toEqual([
      '/admin/paese/cerca/trovati?q=rossi%20%C3%A8',
    ])
    expect(screen.getByRole('status')).toHaveTextContent('3 risultati')
    expect(screen.getByRole('region', { name: 'Alunni' })).toBeInTheDocument()
  })

  test('goes through what was found with the arrows, and back to the field', async () => {
    const { person, field } = await opened()
    await person.type(field, 'rossi')
    await screen.findByText('Greta Rossi')
    await person.keyboard('{ArrowDown}')
    expect(screen.getByRole('link', { name: /^Greta Rossi/ })).toHaveFocus()
    await person.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}')
    expect(screen.getByRole('link', { name: /^Tariffe/ })).toHaveFocus()
    await person.keyboard('{ArrowUp}{ArrowUp}{ArrowUp}')
    expect(field).toHaveFocus()
  })

  test('opens the first line with Enter', async () => {
    const { person, field } = await opened()
    await person.type(field, 'rossi')
    await screen.findByText('Greta Rossi')
    await person.keyboard('{Enter}')
    expect(window.location.hash).toBe('#greta')
  })

  test.each([
    [429, 'Hai fatto molte ricerche in poco tempo'],
    [500, 'La ricerca non ha risposto'],
  ])('says what an answer of %i means', async (status, words) => {
    asked.mockImplementation(async () => new Response('', { status }))
    const { person, field } = await opened()
    await person.type(field, 'rossi')
    expect(await screen.findByRole('status')).toHaveTextContent(words)
  })
})
