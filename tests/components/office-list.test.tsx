import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test, vi } from 'vitest'
import { OfficeList } from '#components/office/list/office-list.tsx'
import { readListQuery } from '#lib/lists/list.address.ts'
import type { OfficeList as Description, ListPage, ListRow } from '#lib/lists/list.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'

const LIST: Description = {
  key: 'alunni',
  title: 'Alunni',
  opens: 'pupils:list',
  columns: [
    { key: 'nome', label: 'Alunno', isSorted: true, onPhone: true },
    { key: 'dal', label: 'Dal', kind: 'day', isSorted: true },
    { key: 'pasti', label: 'Pasti', kind: 'number' },
    { key: 'note', label: 'Note', isExtra: true },
  ],
  filters: [
    { key: 'cerca', label: 'Nome', kind: 'words' },
    { key: 'scuola', label: 'Scuola', kind: 'choice' },
    {
      key: 'stato',
      label: 'Stato',
      kind: 'choice',
      initial: 'ora',
      options: [{ value: 'ora', label: 'Oggi' }],
    },
  ],
  sort: [{ key: 'nome', isDown: false }],
}
const OPTIONS = { scuola: [{ value: 'a', label: 'Rodari' }] }
const row = (id: string, nome: string): ListRow => ({
  ...{ id, href: `famiglie/${id}` },
  cells: { nome, dal: '2026-09-14', pasti: 3, note: 'x' },
})
const PAGE: ListPage = {
  rows: [row('1', 'Bassi Ugo'), row('2', 'Conti Eva'), row('3', 'Zorzi Anna')],
  ...{ total: 153, hasMore: false, page: 2, pages: 4 },
}

type Given = { query?: string; page?: Partial<ListPage>; canAct?: boolean; act?: ReturnType<typeof vi.fn> }

function draw({ query = '', page = {}, canAct = true, act = vi.fn(async () => UNTOUCHED) }: Given = {}) {
  const state = readListQuery(LIST, query)
  render(
    <OfficeList
      municipalitySlug="mozzecane"
      list={LIST}
      state={state}
      options={OPTIONS}
      page={{ ...PAGE, ...page }}
      empty={<p>Nessun alunno.</p>}
      views={{
        named: [{ label: 'Tutti', query: 'stato=' }],
        kept: [{ id: 'v1', name: 'Le mie', query: 'cerca=rossi' }],
        keep: vi.fn(async () => UNTOUCHED),
        drop: vi.fn(async () => UNTOUCHED),
      }}
      presses={canAct ? [{ label: 'Sposta di classe', action: act as never }] : []}
      hasFiles
    />,
  )
  return { act, user: userEvent.setup() }
}

const sentBy = (act: ReturnType<typeof vi.fn>): FormData => act.mock.calls[0]?.[1] ?? new FormData()
const countShown = () =>
  screen.getAllByRole('status').find(({ textContent }) => textContent?.startsWith('Alunni: '))
const hrefOf = (name: string) => screen.getByRole('link', { name }).getAttribute('href')
const headOf = (name: RegExp) => screen.getByRole('columnheader', { name })

describe('a list of the office', () => {
  test('says how many match, and has the columns and cells of its address', () => {
    draw()
    expect(countShown()).toHaveTextContent('Alunni: 153')
    const [first] = screen.getAllByRole('row').slice(1)
    expect(within(first as HTMLElement).getByRole('rowheader')).toHaveTextContent('Bassi Ugo')
    expect(
      within(first as HTMLElement)
        .getAllByRole('cell')
        .map(({ textContent }) => textContent),
    ).toEqual(['Scegli Bassi Ugo', '14/09/2026', '3'])
    expect(hrefOf('Bassi Ugo')).toBe('/admin/mozzecane/famiglie/1')
  })

  test('sorts, goes on and is taken as a file by links, which keep what was asked', () => {
    draw({ query: 'cerca=rossi&pagina=2' })
    expect(hrefOf('Dal')).toBe('?cerca=rossi&ordina=dal')
    expect(hrefOf('Alunno')).toBe('?cerca=rossi&ordina=-nome')
    expect(screen.queryByRole('link', { name: 'Poi per Dal' })).toBeNull()
    expect(hrefOf('Pagina successiva')).toBe('/admin/mozzecane/alunni?cerca=rossi&pagina=3')
    expect(hrefOf('Scarica CSV')).toBe('/admin/mozzecane/alunni/file/csv?cerca=rossi')
    expect(hrefOf('Scarica Excel')).toBe('/admin/mozzecane/alunni/file/xlsx?cerca=rossi')
    expect(headOf(/Alunno/)).toHaveAttribute('aria-sort', 'ascending')
  })

  test('sorts by one more column after the first', () => {
    draw({ query: 'ordina=-nome' })
    expect(hrefOf('Poi per Dal')).toBe('?ordina=-nome&ordina=dal')
  })

  test('says of each column in which order it sorts', () => {
    draw({ query: 'ordina=-dal&ordina=nome' })
    expect(headOf(/Dal/)).toHaveAttribute('aria-sort', 'descending')
    expect(headOf(/Dal/)).toHaveTextContent('1')
    expect(headOf(/Alunno/)).toHaveTextContent('2')
    expect(headOf(/Pasti/)).not.toHaveAttribute('aria-sort')
    expect(within(headOf(/Pasti/)).queryByRole('link')).toBeNull()
  })

  test('has one form for filters, order and columns, that says what the address said', () => {
    draw({ query: 'cerca=rossi&scuola=a&stato=&ordina=-dal&colonna=nome&colonna=note&righe=200' })
    const form = screen.getByRole('button', { name: 'Cerca' }).closest('form') as HTMLFormElement
    expect(form).toHaveAttribute('action', '/admin/mozzecane/alunni')
    expect([...new FormData(form).entries()].filter(([, value]) => value !== '')).toEqual([
      ['cerca', 'rossi'],
      ['scuola', 'a'],
      ['ordina', '-dal'],
      ['righe', '200'],
      ['colonna', 'nome'],
      ['colonna', 'note'],
    ])
  })

  test('has no other order when more match than are sorted, and says so', () => {
    draw({ query: 'ordina=dal', page: { hasMore: true, total: 10_000 } })
    expect(countShown()).toHaveTextContent('Alunni: più di 10.000')
    expect(screen.getByText(/Qui si sfogliano le prime 1.000, in ordine di alunno/)).toBeVisible()
    expect(within(headOf(/Dal/)).queryByRole('link')).toBeNull()
    expect(headOf(/Dal/)).not.toHaveAttribute('aria-sort')
  })

  test('says what to do when nothing matches', () => {
    draw({ page: { rows: [], total: 0, pages: 1, page: 1 } })
    expect(screen.getByText('Nessun alunno.')).toBeVisible()
    expect(screen.queryByRole('table')).toBeNull()
  })

  test('has its views and one’s own', () => {
    draw({ query: 'cerca=rossi' })
    expect(hrefOf('Tutti')).toBe('/admin/mozzecane/alunni?stato=')
    expect(screen.getByRole('link', { name: 'Le mie' })).toHaveAttribute('aria-current', 'page')
    expect(screen.getByRole('button', { name: 'Togli la vista Le mie' })).toBeVisible()
  })
})

describe('a list by keyboard', () => {
  test('goes from row to row with the arrows, and a slash leads to the filter', async () => {
    const { user } = draw()
    screen.getByRole('group', { name: 'Alunni: 153' }).focus()
    await user.keyboard('{ArrowDown}')
    expect(screen.getByRole('link', { name: 'Bassi Ugo' })).toHaveFocus()
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}')
    expect(screen.getByRole('link', { name: 'Zorzi Anna' })).toHaveFocus()
    await user.keyboard('{ArrowUp}')
    expect(screen.getByRole('link', { name: 'Conti Eva' })).toHaveFocus()
    await user.keyboard('{Home}')
    expect(screen.getByRole('link', { name: 'Bassi Ugo' })).toHaveFocus()
    await user.keyboard('/')
    expect(screen.getByLabelText('Nome')).toHaveFocus()
    await user.keyboard('a/b')
    expect(screen.getByLabelText('Nome')).toHaveValue('a/b')
  })

  test('chooses the row that has the focus with x', async () => {
    const { user } = draw()
    screen.getByRole('link', { name: 'Conti Eva' }).focus()
    await user.keyboard('x')
    expect(screen.getByRole('checkbox', { name: 'Scegli Conti Eva' })).toBeChecked()
    expect(screen.getByText('Righe scelte: 1.')).toBeVisible()
    await user.keyboard('x')
    expect(screen.getByRole('checkbox', { name: 'Scegli Conti Eva' })).not.toBeChecked()
  })
})

describe('chosen rows', () => {
  test('go to the action with the query of the page', async () => {
    const { act, user } = draw({ query: 'cerca=rossi&pagina=2' })
    await user.click(screen.getByRole('checkbox', { name: 'Scegli Bassi Ugo' }))
    await user.click(screen.getByRole('checkbox', { name: 'Scegli Zorzi Anna' }))
    await user.click(screen.getByRole('button', { name: 'Sposta di classe' }))
    expect([...sentBy(act).entries()].filter(([name]) => !name.startsWith('$'))).toEqual([
      ['municipalitySlug', 'mozzecane'],
      ['query', 'cerca=rossi'],
      ['chosen[]', '1'],
      ['chosen[]', '3'],
    ])
  })

  test('are all those of the page with one press, and all that match with another', async () => {
    const { act, user } = draw()
    await user.click(screen.getByRole('checkbox', { name: 'Scegli tutte le righe di questa pagina' }))
    expect(screen.getByText('Righe scelte: 3.')).toBeVisible()
    await user.click(screen.getByRole('checkbox', { name: 'Tutte quelle che corrispondono (153)' }))
    await user.click(screen.getByRole('button', { name: 'Sposta di classe' }))
    expect(sentBy(act).get('all')).toBe('1')
  })

  test('are there only for a reader who does something with them', () => {
    draw({ canAct: false })
    expect(screen.queryAllByRole('checkbox', { name: /Scegli/ })).toEqual([])
    expect(screen.queryByText('Nessuna riga scelta.')).toBeNull()
  })

  test('stay chosen when the action refuses, and the reader reads why', async () => {
    const act = vi.fn(async () => ({
      ok: false,
      error: { message: 'Scegli quelli di una classe.', fields: {} },
      typed: {},
    }))
    const { user } = draw({ act })
    await user.click(screen.getByRole('checkbox', { name: 'Scegli Bassi Ugo' }))
    await user.click(screen.getByRole('button', { name: 'Sposta di classe' }))
    expect(await screen.findByText('Scegli quelli di una classe.')).toBeVisible()
    expect(screen.getByRole('checkbox', { name: 'Scegli Bassi Ugo' })).toBeChecked()
  })
})
