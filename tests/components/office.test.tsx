import { readFileSync } from 'node:fs'
import { render as renderAlone, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import {
  AppRouterContext,
  type AppRouterInstance,
} from 'next/dist/shared/lib/app-router-context.shared-runtime'
import type { ComponentProps, ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ClosureConfirm } from '#components/office/closure-confirm.tsx'
import { ClosureForm } from '#components/office/closure-form.tsx'
import { CountsBoard } from '#components/office/counts-board.tsx'
import { EffectsTable } from '#components/office/effects-table.tsx'
import { FailingCharges } from '#components/office/failing-charges.tsx'
import { Basis, FormErrors, momentInWords } from '#components/office/form-errors.tsx'
import { ListTable } from '#components/office/list/list-table.tsx'
import { PrintedFoot } from '#components/office/printed-foot.tsx'
import { QUEUE_LIST } from '#lib/forms/office/queue.list.ts'
import type { SchoolCount } from '#lib/kitchen/count.ts'
import { dayTotals } from '#lib/kitchen/count-page.ts'
import type { ClosureEffect } from '#lib/school/closure.ts'

const refresh = vi.fn()
const router = { refresh } as unknown as AppRouterInstance

/** Draws inside a page of Next, whose router it uses. */
const render = (element: ReactNode) =>
  renderAlone(<AppRouterContext.Provider value={router}>{element}</AppRouterContext.Provider>)

const line = (className: string, dietCode: string, meals: number, absent = 0, severe = 0) => ({
  schoolId: 'a',
  serviceId: 'v',
  className,
  dietCode,
  meals,
  absent,
  severe,
  asked: 0,
})

const school: SchoolCount = {
  schoolId: 'a',
  schoolName: 'Scuola primaria Collodi',
  ...{ serviceId: 'v', serviceName: 'Mensa', isCooked: true },
  state: 'provisional',
  cutoffAt: new Date('2026-11-24T08:30:00Z'),
  version: null,
  frozenAt: null,
  kitchenName: null,
  reason: '',
  charge: null,
  lines: [line('1A', 'STD', 18, 2), line('1A', 'D03', 1), line('2B', 'STD', 21)],
}
const now = new Date('2026-11-24T08:02:13Z')
const watched = { href: '/novita', fingerprint: 'a' }

/** All schools of a day on one page. */
const Board = ({
  schools,
  ...rest
}: Pick<ComponentProps<typeof CountsBoard>, 'schools' | 'day' | 'now' | 'watched'>) => (
  <CountsBoard
    {...rest}
    schools={schools}
    totals={dayTotals(
      schools,
      schools.flatMap(({ lines }) => lines),
    )}
    services={new Set(schools.map(({ serviceId }) => serviceId)).size}
  />
)

describe('Conteggi di oggi', () => {
  test('before the cutoff it says how many, that they may change, until when, and of what hour they are', () => {
    render(<Board day="2026-11-24" schools={[school]} now={now} watched={watched} />)
    const headline = screen.getByRole('region', { name: 'Pasti da preparare' })
    expect(headline).toHaveTextContent('40')
    expect(headline).toHaveTextContent('Provvisorio')
    expect(headline).toHaveTextContent('Aggiornato alle 09:02:13, mancano 27 minuti al termine')
    expect(screen.getByText('Le famiglie possono cambiare fino alle 9:30')).toBeVisible()
  })

  test('it counts by class and diet, with totals', () => {
    render(<Board day="2026-11-24" schools={[school]} now={now} watched={watched} />)
    const table = screen.getByRole('table', { name: 'Pasti di Scuola primaria Collodi per classe e dieta' })
    const cells = within(table)
      .getAllByRole('row')
      .map((row) => [...row.children].map((cell) => cell.textContent))
    expect(cells).toEqual([
      ['Classe', 'Pasti', 'Assenti', 'STD', 'D03'],
      ['1A', '19', '2', '18', '1'],
      ['2B', '21', '–0', '21', '–0'],
      ['Totale', '40', '2', '39', '1'],
    ])
  })

  test('on paper its head names school and day, which a browser repeats on each sheet', () => {
    render(<Board day="2026-11-24" schools={[school]} now={now} watched={watched} />)
    const head = screen.getByRole('table').querySelector('thead tr')
    expect(head).toHaveTextContent('Scuola primaria Collodi, martedì 24 novembre 2026')
    expect(head).toHaveClass('hidden', 'print:table-row')
  })

  test('a diet to be decided and a severe reaction are said above the numbers', () => {
    const asked = { ...line('3C', 'D02', 2), asked: 1 }
    const lines = [line('1A', 'DA-DEFINIRE', 2), line('2B', 'D03', 3, 0, 1), asked]
    render(<Board day="2026-11-24" schools={[{ ...school, lines }]} now={now} watched={watched} />)
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      '1A, DA-DEFINIRE: 2 diete da definire: chiedi prima di servire',
      '2B, D03: 1 alunno rischia una reazione grave',
      '3C, D02: per 1 alunno è chiesta un’altra dieta: prepara questa e chiedi prima di servire',
    ])
  })

  test('every column sorts and says how', async () => {
    render(<Board day="2026-11-24" schools={[school]} now={now} watched={watched} />)
    const user = userEvent.setup()
    await user.click(screen.getByRole('button', { name: 'Pasti' }))
    expect(screen.getByRole('columnheader', { name: 'Pasti' })).toHaveAttribute('aria-sort', 'descending')
    expect(screen.getAllByRole('rowheader').map((cell) => cell.textContent)).toEqual(['2B', '1A', 'Totale'])
    await user.click(screen.getByRole('button', { name: 'Pasti' }))
    expect(screen.getAllByRole('rowheader').map((cell) => cell.textContent)).toEqual(['1A', '2B', 'Totale'])
  })

  test('after the close the count is definitive, with version and hour, and nothing moves any more', () => {
    const frozenAt = new Date('2026-11-24T08:30:03Z')
    render(
      <Board
        day="2026-11-24"
        schools={[{ ...school, state: 'definitive', version: 1, frozenAt }]}
        now={now}
        watched={watched}
      />,
    )
    expect(screen.getByText('Versione 1, delle 09:30:03')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Ferma' })).not.toBeInTheDocument()
  })

  describe('after the close, until the meals are charged', () => {
    const frozenAt = new Date('2026-11-24T08:30:03Z')
    const shown = (charge: SchoolCount['charge']) =>
      render(
        <Board
          day="2026-11-24"
          schools={[{ ...school, state: 'definitive', version: 1, frozenAt, charge }]}
          now={now}
          watched={watched}
        />,
      )

    test('it says that the charge is under way, and looks for its end', () => {
      shown({ failures: 0, nextTryAt: frozenAt })
      expect(screen.getByText('Da addebitare')).toBeVisible()
      expect(screen.getByText('Versione 1, delle 09:30:03. Addebito in corso')).toBeVisible()
      expect(screen.getByText('Si aggiorna da solo: si vede quando i pasti sono addebitati.')).toBeVisible()
      expect(screen.getByRole('button', { name: 'Ferma' })).toBeVisible()
    })

    test('a charge that failed says how often, and when it is tried again', () => {
      shown({ failures: 3, nextTryAt: new Date('2026-11-24T08:30:20Z') })
      expect(screen.getByText('Addebito non riuscito')).toBeVisible()
      expect(screen.getByText(/Addebito non riuscito 3 volte: si riprova alle 09:30:20/)).toBeVisible()
    })

    test('once charged, nothing is said of it and nothing moves any more', () => {
      shown('done')
      expect(screen.queryByText(/ddebit/)).not.toBeInTheDocument()
      expect(screen.queryByRole('button', { name: 'Ferma' })).not.toBeInTheDocument()
    })

    test('failing charges of any day are listed with the way to their counts', () => {
      const failing = [{ serviceDayId: 'a', day: '2026-11-23', schoolName: 'Scuola Collodi', failures: 2 }]
      render(<FailingCharges path="/admin/x/conteggi" failing={failing} />)
      expect(screen.getByRole('heading', { name: 'Addebiti non riusciti' })).toBeVisible()
      expect(screen.getByRole('link', { name: 'Scuola Collodi, lunedì 23 novembre' })).toHaveAttribute(
        'href',
        '/admin/x/conteggi?giorno=2026-11-23',
      )
      expect(screen.getByText(/2 tentativi/)).toBeVisible()
    })

    test('of many failing charges the first ten are listed, and how many more there are', () => {
      const failing = Array.from({ length: 13 }, (_, n) => ({
        ...{ serviceDayId: `${n}`, day: '2026-11-23', schoolName: `Scuola ${n}`, failures: 1 },
      }))
      render(<FailingCharges path="/" failing={failing} />)
      expect(screen.getAllByRole('link')).toHaveLength(10)
      expect(screen.getByText('e altri 3')).toBeVisible()
    })

    test('nothing is said of failing charges where there are none', () => {
      const { container } = render(<FailingCharges path="/" failing={[]} />)
      expect(container).toBeEmptyDOMElement()
    })
  })

  test('between the cutoff and the close it says that the definitive count is coming', () => {
    render(
      <Board day="2026-11-24" schools={[school]} now={new Date('2026-11-24T08:30:01Z')} watched={watched} />,
    )
    expect(screen.getByText(/Termine delle 9:30 passato/)).toBeVisible()
  })

  test('a suspended school says why and shows no table', () => {
    const suspended = { ...school, state: 'suspended' as const, reason: 'Sciopero', lines: [] }
    render(<Board day="2026-11-24" schools={[suspended]} now={now} watched={watched} />)
    expect(screen.getByText('Sciopero')).toBeVisible()
    expect(screen.queryByRole('table')).not.toBeInTheDocument()
  })

  test('a day without meals says so', () => {
    render(<Board day="2026-11-24" schools={[]} now={now} watched={watched} />)
    expect(screen.getByRole('heading', { name: 'In questo giorno la mensa non c’è' })).toBeVisible()
  })

  describe('while a person looks at it', () => {
    const fingerprints: (string | Error)[] = []
    beforeEach(() => {
      fingerprints.splice(0)
      refresh.mockClear()
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
      vi.stubGlobal('fetch', async () => {
        const fingerprint = fingerprints.shift() ?? 'a'
        if (fingerprint instanceof Error) throw fingerprint
        return new Response(fingerprint)
      })
    })
    afterEach(() => {
      vi.useRealTimers()
      vi.unstubAllGlobals()
    })

    test('it is drawn again within the second in which a family cancels, once', async () => {
      render(<Board day="2026-11-24" schools={[school]} now={now} watched={watched} />)
      fingerprints.push('a', 'b', 'b')
      await vi.advanceTimersByTimeAsync(500)
      expect(refresh).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1_000)
      expect(refresh).toHaveBeenCalledTimes(1)
    })

    test('a line that falls for a moment changes nothing', async () => {
      render(<Board day="2026-11-24" schools={[school]} now={now} watched={watched} />)
      fingerprints.push(new Error('offline'), 'b')
      await vi.advanceTimersByTimeAsync(500)
      expect(refresh).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(500)
      expect(refresh).toHaveBeenCalledTimes(1)
    })

    test('it asks by itself until it is stopped', async () => {
      render(<Board day="2026-11-24" schools={[school]} now={now} watched={watched} />)
      await vi.advanceTimersByTimeAsync(15_000)
      expect(refresh).toHaveBeenCalledTimes(1)
      await userEvent.setup({ delay: null }).click(screen.getByRole('button', { name: 'Ferma' }))
      fingerprints.push('b')
      await vi.advanceTimersByTimeAsync(60_000)
      expect(refresh).toHaveBeenCalledTimes(1)
    })
  })
})

const ELENA = { kind: 'strike', reason: 'Sciopero', by: 'Elena Marchi' }
const effects: ClosureEffect[] = [
  {
    schoolId: 'a',
    schoolName: 'Primaria',
    status: 'closed',
    pupils: 100,
    meals: 90,
    refundCents: 48_600,
    decided: null,
  },
  {
    schoolId: 'b',
    schoolName: 'Infanzia',
    status: 'suspended',
    pupils: 50,
    meals: 0,
    refundCents: 0,
    decided: ELENA,
  },
]

describe('A sheet of the office', () => {
  test('says by whom it was printed and when', () => {
    render(
      <PrintedFoot
        area="Mensa scolastica di Mozzecane"
        by="Elena Marchi"
        at={new Date('2026-12-11T08:02:13Z')}
      />,
    )
    expect(
      screen.getByText('Mensa scolastica di Mozzecane · stampato da Elena Marchi l’11/12/2026 alle 9:02'),
    ).toHaveClass('printed-foot')
  })

  test('is numbered, and its foot is on each sheet', () => {
    const css = readFileSync('app/globals.css', 'utf8').replaceAll(/\s+/g, ' ')
    expect(css).toContain('@bottom-right { content: "pagina " counter(page) " di " counter(pages);')
    expect(css).toContain('> .printed-foot { display: table-footer-group; break-inside: avoid;')
    expect(readFileSync('app/admin/[comune]/layout.tsx', 'utf8')).toContain('<PrintedFoot')
  })
})

test('The queue of a form shows the state beside the number, where a telephone shows it', () => {
  expect(QUEUE_LIST.columns.map(({ label }) => label)).toEqual([
    'Protocollo',
    'Stato',
    'Per chi',
    'Da',
    'Manca',
    'Entro',
    'Modulo',
    'Scuola',
    'Inviata',
    'Assegnata a',
  ])
  expect(QUEUE_LIST.columns.filter(({ onPhone }) => onPhone).map(({ label }) => label)).toEqual([
    'Protocollo',
    'Stato',
    'Per chi',
  ])
})

test('A table that scrolls says so at its edge', () => {
  render(<ListTable caption="Domande: 0" columns={[]} rows={[]} batch={null} />)
  expect(screen.getByRole('group', { name: 'Domande: 0' })).toHaveClass('scrolls')
  expect(readFileSync('app/globals.css', 'utf8')).toContain('.scrolls {')
})

describe('Giorno senza mensa', () => {
  test('what is missing is said on its field and in the summary', () => {
    const typed = { giorno: '', scuola: '', tipo: '', motivo: '' }
    render(
      <ClosureForm
        path="/x"
        schools={[]}
        typed={typed}
        problems={{ tipo: 'Scegli perché la mensa non c’è' }}
      />,
    )
    expect(screen.getByRole('link', { name: 'Scegli perché la mensa non c’è' })).toHaveAttribute(
      'href',
      '#tipo',
    )
    expect(screen.getByRole('radio', { name: 'Sciopero' }).id).toBe('tipo')
  })

  test('the preview says pupils, meals and euro, school by school and in all', () => {
    render(<EffectsTable caption="Effetti" effects={effects} />)
    const rows = screen.getAllByRole('row').map((row) => [...row.children].map((cell) => cell.textContent))
    expect(rows.slice(1)).toEqual([
      ['PrimariaGià addebitato', '486,00\u00a0€', '90', '100'],
      ['InfanziaGià sospesoSciopero: “Sciopero”, deciso da Elena Marchi', '0,00\u00a0€', '0', '50'],
      ['Totale', '486,00\u00a0€', '90', ''],
    ])
  })

  const confirm = (answer: Awaited<ReturnType<Parameters<typeof ClosureConfirm>[0]['action']>>) =>
    render(
      <ClosureConfirm
        action={async () => answer}
        hidden={{ municipalitySlug: 'mozzecane', meals: 90 }}
        label="Sospendi la mensa"
        backHref="/indietro"
        countsHref="/conteggi"
        possible
      >
        <p>anteprima</p>
      </ClosureConfirm>,
    )

  test('once done it says what was done and gave back, and the preview is gone', async () => {
    confirm({ ok: true, value: effects.slice(0, 1), typed: {} })
    await userEvent.setup().click(screen.getByRole('button', { name: 'Sospendi la mensa' }))
    const done = await screen.findByRole('status')
    expect(done.textContent).toContain('1 scuola, 90 pasti in meno. Restituiti alle famiglie 486,00\u00a0€.')
    expect(screen.queryByText('anteprima')).not.toBeInTheDocument()
  })

  test('a refusal keeps the preview and says why', async () => {
    confirm({ ok: false, error: { message: 'Intanto i numeri sono cambiati.', fields: {} }, typed: {} })
    await userEvent.setup().click(screen.getByRole('button', { name: 'Sospendi la mensa' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('Intanto i numeri sono cambiati.')
    expect(screen.getByText('anteprima')).toBeVisible()
  })
})

describe('a form that another person saved meanwhile', () => {
  const words = {
    labels: { phone: 'Telefono', opensAt: 'Si apre', body: 'Testo', q: 'Le domande' },
    inWords: (name: string, value: string) => (name === 'opensAt' ? momentInWords(value) : value),
    readAt: { name: 'body', href: '/anteprima' },
  }
  const error = { message: 'Intanto Elena Marchi ha salvato.', fields: {} }

  test('says who, what was taken over, what both changed, and how to go on', () => {
    const typed = { phone: '045 333', opensAt: '2026-11-24T09:30', body: '<p>Mio</p>' }
    const changes = [
      { name: 'opensAt', now: '2026-11-24T09:30', shows: 'theirs' as const },
      { name: 'q', now: null, shows: 'theirs' as const },
      { name: 'phone', now: '', shows: 'yours' as const },
      { name: 'body', now: '<p>Suo</p>', shows: 'yours' as const },
    ]
    const state = { ok: false, error, typed, concurrentEdit: { who: 'Elena Marchi', changes } }
    render(<FormErrors state={state} words={words} here="/qui" />)
    const told = screen.getByRole('alert')
    expect(told).toHaveFocus()
    expect(within(told).getByRole('heading', { level: 2 }).textContent).toBe(
      'Intanto Elena Marchi ha salvato altre modifiche',
    )
    expect(
      within(told)
        .getAllByRole('listitem')
        .map((line) => line.textContent),
    ).toEqual([
      'Si apre: adesso “24/11/2026 alle 9:30”',
      'Le domande',
      'Telefono: adesso vuoto; tu “045 333”',
      'Testo: leggi la versione salvata, in un’altra scheda',
    ])
    expect(
      within(told)
        .getByRole('link', { name: /rileggi la pagina/ })
        .getAttribute('href'),
    ).toBe('/qui')
  })

  test('that touched nothing of the page says so', () => {
    const state = { ok: false, error, typed: {}, concurrentEdit: { who: null, changes: [] } }
    render(<FormErrors state={state} words={words} here="/qui" />)
    expect(screen.getByRole('alert')).toHaveTextContent('in un’altra scheda')
    expect(screen.getByRole('alert')).toHaveTextContent('In questa pagina non è cambiato niente')
  })

  test('carries what it was built from, and after an answer what is saved now', () => {
    const { container, rerender } = render(<Basis at={{ version: 3 }} fields={{ phone: '1' }} typed={{}} />)
    const held = () => [...container.querySelectorAll('input')].map(({ name, value }) => [name, value])
    expect(held()).toEqual([
      ['version', '3'],
      ['basis', '{"phone":"1"}'],
    ])
    rerender(<Basis at={{ version: 3 }} fields={{ phone: '1' }} typed={{ version: '4', basis: '{}' }} />)
    expect(held()).toEqual([
      ['version', '4'],
      ['basis', '{}'],
    ])
  })
})
