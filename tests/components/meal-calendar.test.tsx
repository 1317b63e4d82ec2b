import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { renderToString } from 'react-dom/server'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { ClientWords } from '#components/language/client-words.tsx'
import { MealCalendar } from '#components/meals/meal-calendar.tsx'
import { instantInRome } from '#lib/kernel/day.ts'
import type { StateKind } from '#lib/meals/meal-state.ts'
import { monthGrid } from '#lib/meals/month.ts'
import type { Cell, ChangeAnswer, MonthView } from '#lib/meals/month-view.ts'
import { catalogueOf, wordsIn } from '#lib/words/catalogues.adapter.ts'

const GRETA = '0192aaaa-0000-7000-8000-000000000001'
const TUESDAY = '2026-11-24'
const PATHS = {
  api: '/api/mozzecane/prenotazioni',
  preview: '/mozzecane/prenotazioni/anteprima',
  days: '/mozzecane/prenotazioni/giorno/',
}

const KINDS: Record<string, StateKind> = {
  '2026-11-23': 'consumed',
  '2026-11-25': 'absent',
  '2026-11-26': 'closed',
  '2026-11-30': 'unplanned',
}

/** November 2026 as it is at eight on Tuesday 24: before it consumed, after it present, but for the days above. */
function november(at = instantInRome(TUESDAY, '08:00')): MonthView {
  const { columns, weeks } = monthGrid('2026-11', [])
  const cellOf = (day: string): Cell => {
    const kind = KINDS[day] ?? (day < TUESDAY ? 'consumed' : 'present')
    const deadline = kind === 'closed' || kind === 'unplanned' ? 0 : instantInRome(day, '09:30').getTime()
    return kind === 'closed' ? [day, kind, deadline, 'Sciopero'] : [day, kind, deadline]
  }
  return {
    pupilId: GRETA,
    month: '2026-11',
    at: at.getTime(),
    weekdays: columns,
    weeks: weeks.map((week) => week.map((day) => (day ? cellOf(day) : 0))),
  }
}

const calendar = (view = november()) => (
  <MealCalendar view={view} childName="Greta" caption="novembre 2026, Greta" today={TUESDAY} paths={PATHS} />
)

const PRESENT = 'martedì 24 novembre, presente, modificabile fino alle 9:30'
const day = (name: string | RegExp) => screen.getByRole('button', { name })
const status = () => screen.getByRole('grid')

type SentChange = {
  action: string
  pupilIds: string[]
  days: string[]
  idempotencyKey: string
  replaces?: string[]
}
let sent: SentChange[] = []

/** The server: answers each request with the next of these. */
function serverAnswers(...answers: (ChangeAnswer | 'lost')[]) {
  vi.stubGlobal('fetch', async (url: string, options?: RequestInit) => {
    if (options?.method !== 'POST') {
      const pupilId = new URL(url, location.href).searchParams.get('figlio')
      return Response.json({ ...november(new Date(november().at + 1000)), pupilId })
    }
    sent.push(JSON.parse(options.body as string))
    const answer = answers.shift() ?? 'lost'
    if (answer === 'lost') throw new TypeError('network')
    if (!answer.ok && answer.code === 'request:unavailable') return Response.json(answer, { status: 503 })
    return Response.json(answer, { status: answer.ok ? 200 : 409 })
  })
}

const done = (kind: StateKind, ...days: string[]): ChangeAnswer => ({
  ok: true,
  receiptId: 'r1',
  receiptNumber: 'M-20261124-AAAA-BBBB',
  receiptPath: '/mozzecane/prenotazioni/ricevute/r1',
  message: '',
  at: november().at + 500,
  changed: days.map((changed) => ({ pupilId: GRETA, day: changed, kind })),
  notChanged: [],
})

beforeEach(() => {
  sent = []
  HTMLDialogElement.prototype.showModal ??= function show(this: HTMLDialogElement) {
    this.open = true
  }
  HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.open = false
    this.dispatchEvent(new Event('close'))
  }
})

describe('without JavaScript', () => {
  /** The name of a checkbox is its label, without what is only for the eye. */
  const heard = (box?: HTMLInputElement) =>
    box?.closest('label')?.querySelector(':not([aria-hidden]):not(input)')?.textContent

  const html = () => {
    const page = document.createElement('div')
    page.innerHTML = renderToString(calendar())
    return page
  }

  test('every open day is a checkbox with its full name, and only those', () => {
    const boxes = [...html().querySelectorAll<HTMLInputElement>('input[type=checkbox]')]
    expect(boxes.map((box) => box.value)).toEqual([TUESDAY, '2026-11-25', '2026-11-27'])
    expect(heard(boxes[0])).toBe(PRESENT)
    expect(heard(boxes[1])).toBe('mercoledì 25 novembre, assente, modificabile fino alle 9:30')
  })

  test('the form asks the preview for this child, to cancel or to restore', () => {
    const form = html().querySelector('form') as HTMLFormElement
    expect(form).toHaveAttribute('action', PATHS.preview)
    expect(form.querySelector<HTMLInputElement>('[name=figlio]')?.value).toBe(GRETA)
    expect(
      [...form.querySelectorAll<HTMLButtonElement>('[name=azione]')].map(
        (b) => `${b.value}: ${b.textContent}`,
      ),
    ).toEqual(['disdici: Segna assenti i giorni scelti', 'ripristina: Ripristina i giorni scelti'])
  })

  test('its weekdays are in the language of the page', () => {
    render(
      <ClientWords language="en" catalogue={catalogueOf('en')}>
        {calendar()}
      </ClientWords>,
    )
    const heads = screen.getAllByRole('columnheader')
    expect(heads.map((head) => head.textContent)).toEqual(['Mon', 'Tue', 'Wed', 'Thu', 'Fri'])
    expect(heads[0]).toHaveAttribute('abbr', 'Monday')
  })

  test('it is a table with a caption and named weekdays', () => {
    const table = html().querySelector('table') as HTMLTableElement
    expect(table.caption?.textContent).toBe('novembre 2026, Greta')
    expect([...table.querySelectorAll('th')].map((th) => th.getAttribute('abbr'))).toEqual([
      'lunedì',
      'martedì',
      'mercoledì',
      'giovedì',
      'venerdì',
    ])
  })

  test('it needs few elements: four per day, one more where it can be ticked', () => {
    const table = html().querySelector('tbody') as HTMLElement
    expect(table.querySelectorAll('*').length).toBeLessThanOrEqual(3 * 5 + 18 * 4 + 9)
  })
})

describe('by name', () => {
  test('each day says what it is', () => {
    render(calendar())
    expect(day(PRESENT)).toBeVisible()
    expect(day('lunedì 23 novembre, pasto consumato e addebitato')).toBeVisible()
    expect(day('giovedì 26 novembre, chiuso: Sciopero')).toBeVisible()
    expect(day('lunedì 30 novembre, mensa non prevista')).toBeVisible()
  })

  test('the month is summed up', () => {
    render(calendar())
    expect(screen.getByText('In questo mese: 2 presenze, 1 assenza, 16 pasti consumati.')).toBeVisible()
  })

  test('today is marked', () => {
    render(calendar())
    expect(day(PRESENT).closest('td')).toHaveAttribute('aria-current', 'date')
  })
})

describe('by keyboard', () => {
  test('the grid is one tab stop, and starts from today', async () => {
    render(calendar())
    const stops = within(status())
      .getAllByRole('button')
      .filter((button) => button.tabIndex === 0)
    expect(stops.map((stop) => stop.dataset.day)).toEqual([TUESDAY])
  })

  test.each([
    ['{ArrowRight}', '2026-11-25'],
    ['{ArrowLeft}', '2026-11-23'],
    ['{ArrowUp}', '2026-11-17'],
    ['{ArrowDown}', TUESDAY],
    ['{Home}', '2026-11-23'],
    ['{End}', '2026-11-27'],
    ['{ArrowLeft}{ArrowLeft}', '2026-11-20'],
  ])('%s leads to %s', async (keys, expected) => {
    render(calendar())
    day(PRESENT).focus()
    await userEvent.keyboard(keys)
    expect((document.activeElement as HTMLElement).dataset.day).toBe(expected)
    expect((document.activeElement as HTMLElement).tabIndex).toBe(0)
  })

  test('Page Down follows the link to the next month, Page Up to the one before, and keep the day', async () => {
    const followed: string[] = []
    const follow = (event: React.MouseEvent<HTMLAnchorElement>) => {
      event.preventDefault()
      followed.push(event.currentTarget.getAttribute('href') ?? '')
    }
    render(
      <>
        <a rel="prev" href="?mese=2026-10" onClick={follow}>
          ottobre
        </a>
        <a rel="next" href="?mese=2026-12" onClick={follow}>
          dicembre
        </a>
        {calendar()}
      </>,
    )
    day(PRESENT).focus()
    await userEvent.keyboard('{PageDown}{PageUp}')
    expect(followed.map((href) => href.replace(/^.*[?]/, ''))).toEqual([
      'mese=2026-12#giorno-24',
      'mese=2026-10#giorno-24',
    ])
  })

  test('after the month was turned the same day has the focus', async () => {
    history.replaceState(null, '', '?mese=2026-11#giorno-24')
    render(calendar())
    await waitFor(() => expect(day(PRESENT)).toHaveFocus())
    expect(location.hash).toBe('')
  })

  test('Space chooses, Shift and arrows choose more but only open days, Esc lets go', async () => {
    render(calendar())
    day(PRESENT).focus()
    await userEvent.keyboard(' ')
    expect(screen.getByRole('checkbox', { name: PRESENT })).toHaveAttribute('aria-checked', 'true')
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument()
    await userEvent.keyboard('{Shift>}{ArrowRight}{ArrowRight}{ArrowRight}{/Shift}')
    expect(screen.getByText('3 giorni scelti')).toBeVisible()
    expect(screen.getByRole('button', { name: 'Segna assenti (2)' })).toBeVisible()
    expect(screen.getByRole('button', { name: 'Ripristina (1)' })).toBeVisible()
    await userEvent.keyboard('{Escape}')
    expect(screen.queryByRole('checkbox')).not.toBeInTheDocument()
  })
})

describe('changing a day', () => {
  test('opens its sheet, cancels immediately, and says so with the receipt and the way back', async () => {
    serverAnswers(done('absent', TUESDAY))
    render(calendar())
    await userEvent.click(day(PRESENT))
    const sheet = screen.getByRole('dialog', { name: 'Martedì 24 novembre' })
    expect(sheet).toHaveTextContent('Puoi cambiare fino alle 9:30')
    expect(sheet).toHaveTextContent('quadernino degli avvisi')
    await userEvent.click(within(sheet).getByRole('button', { name: 'Segna assente' }))
    expect(sent).toMatchObject([{ action: 'cancel', pupilIds: [GRETA], days: [TUESDAY] }])
    expect(sent[0]?.idempotencyKey).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    await screen.findByText('Greta: assente martedì 24 novembre')
    expect(day(/martedì 24 novembre, assente/)).toBeVisible()
    expect(screen.getByRole('link', { name: 'Ricevuta' })).toHaveAttribute(
      'href',
      '/mozzecane/prenotazioni/ricevute/r1',
    )
    expect(screen.getByRole('button', { name: 'Annulla la modifica' })).toBeVisible()
  })

  test('the outcome is told in the language of the page', async () => {
    serverAnswers(done('absent', TUESDAY))
    render(
      <ClientWords language="en" catalogue={catalogueOf('en')}>
        {calendar()}
      </ClientWords>,
    )
    await userEvent.click(day(/^Tuesday 24 November/))
    await userEvent.click(
      within(screen.getByRole('dialog')).getByRole('button', { name: wordsIn('en')('Segna assente') }),
    )
    expect(await screen.findByText('Greta: absent on Tuesday 24 November')).toBeVisible()
  })

  test('the reason of a closed day stays Italian in another language, and says so', async () => {
    render(
      <ClientWords language="ar" catalogue={catalogueOf('ar')}>
        {calendar()}
      </ClientWords>,
    )
    await userEvent.click(day(/Sciopero/))
    expect(within(screen.getByRole('dialog')).getByText('Sciopero')).toHaveAttribute('lang', 'it')
  })

  test('a closed day explains itself and offers nothing', async () => {
    render(calendar())
    await userEvent.click(day(/chiuso: Sciopero/))
    const sheet = screen.getByRole('dialog')
    expect(sheet).toHaveTextContent('La mensa è chiusa: Sciopero.')
    expect(
      within(sheet)
        .getAllByRole('button')
        .map((button) => button.getAttribute('aria-label')),
    ).toEqual(['Chiudi'])
  })

  test('shows the new state before the answer, and takes it back with an alert when refused', async () => {
    let answer: (response: Response) => void = () => undefined
    vi.stubGlobal('fetch', (_url: string, options?: RequestInit) =>
      options?.method === 'POST'
        ? new Promise<Response>((resolve) => {
            answer = resolve
          })
        : Promise.resolve(Response.json(november())),
    )
    render(calendar())
    await userEvent.click(day(PRESENT))
    await userEvent.click(screen.getByRole('button', { name: 'Segna assente' }))
    expect(day(/martedì 24 novembre, assente/)).toBeVisible()
    await act(async () =>
      answer(
        Response.json(
          { ok: false, code: 'meals:too-late', message: 'Il termine era alle 9:30.' },
          { status: 409 },
        ),
      ),
    )
    expect(await screen.findByRole('alert')).toHaveTextContent('Il termine era alle 9:30.')
    expect(day(PRESENT)).toBeVisible()
  })

  test('a lost answer is asked again with the same key', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 })
    serverAnswers('lost', done('absent', TUESDAY))
    render(calendar())
    fireEvent.click(day(PRESENT))
    fireEvent.click(screen.getByRole('button', { name: 'Segna assente' }))
    await screen.findByText('Greta: assente martedì 24 novembre')
    expect(sent).toHaveLength(2)
    expect(sent[0]).toEqual(sent[1])
  })

  test('when the server does not answer it says that it does not know', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 })
    serverAnswers('lost', 'lost', 'lost')
    render(calendar())
    fireEvent.click(day(PRESENT))
    fireEvent.click(screen.getByRole('button', { name: 'Segna assente' }))
    expect(await screen.findByRole('alert', undefined, { timeout: 5_000 })).toHaveTextContent(
      'Non sappiamo se è cambiato qualcosa',
    )
  })

  test('when the server answers that it fails it asks again, and then says in its words and with its reference', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 })
    const away: ChangeAnswer = {
      ok: false,
      code: 'request:unavailable',
      message: 'Il portale in questo momento non risponde. Se chiedi aiuto, di’ questo codice: 1234567890',
    }
    serverAnswers(away, away, away)
    render(calendar())
    fireEvent.click(day(PRESENT))
    fireEvent.click(screen.getByRole('button', { name: 'Segna assente' }))
    const alert = await screen.findByRole('alert', undefined, { timeout: 5_000 })
    expect(alert).toHaveTextContent('Non sappiamo se è cambiato qualcosa')
    expect(alert).toHaveTextContent('di’ questo codice: 1234567890')
    expect(sent).toHaveLength(3)
  })
})

describe('changing a day twice', () => {
  /** A child of each test: what has no answer is remembered by child, whatever page sends it. */
  const ofChild = (number: number) =>
    calendar({ ...november(), pupilId: GRETA.replace(/1$/, String(number)) })
  const press = (name: RegExp | string, button: string) => {
    fireEvent.click(day(name))
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: button }))
  }

  test('the second change is sent after the answer to the first, and is what the page shows', async () => {
    const answers: ((answer: ChangeAnswer) => void)[] = []
    vi.stubGlobal('fetch', (_url: string, options?: RequestInit) => {
      sent.push(JSON.parse(options?.body as string))
      return new Promise<Response>((resolve) => {
        answers.push((answer) => resolve(Response.json(answer)))
      })
    })
    render(ofChild(2))
    press(PRESENT, 'Segna assente')
    press(/martedì 24 novembre, assente/, 'Ripristina il pasto')
    await waitFor(() => expect(sent.map(({ action }) => action)).toEqual(['cancel']))
    expect(day(PRESENT)).toBeVisible()
    await act(async () => answers[0]?.(done('absent', TUESDAY)))
    await waitFor(() => expect(sent.map(({ action }) => action)).toEqual(['cancel', 'restore']))
    expect(day(PRESENT)).toBeVisible()
    expect(screen.queryByText('Greta: assente martedì 24 novembre')).not.toBeInTheDocument()
    await act(async () => answers[1]?.(done('present', TUESDAY)))
    expect(await screen.findByText('Greta: presente martedì 24 novembre')).toBeVisible()
    expect(sent[1]).not.toHaveProperty('replaces')
  })

  test('a change of another day does not wait', async () => {
    vi.stubGlobal('fetch', (_url: string, options?: RequestInit) => {
      sent.push(JSON.parse(options?.body as string))
      return new Promise<Response>(() => undefined)
    })
    render(ofChild(3))
    press(/mercoledì 25 novembre, assente/, 'Ripristina il pasto')
    press(/venerdì 27 novembre, presente/, 'Segna assente')
    await waitFor(() => expect(sent.map(({ days }) => days)).toEqual([['2026-11-25'], ['2026-11-27']]))
  })

  test('a change takes the place of one whose answer never came', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 })
    serverAnswers('lost', 'lost', 'lost', done('absent', TUESDAY))
    render(ofChild(4))
    press(PRESENT, 'Segna assente')
    await screen.findByRole('alert', undefined, { timeout: 5_000 })
    press(PRESENT, 'Segna assente')
    expect(await screen.findByText('Greta: assente martedì 24 novembre')).toBeVisible()
    expect(sent[3]?.replaces).toContain(sent[0]?.idempotencyKey)
    expect(sent[3]?.idempotencyKey).not.toBe(sent[0]?.idempotencyKey)
  })
})

describe('several days', () => {
  test('are read back before they change', async () => {
    serverAnswers(done('absent', TUESDAY, '2026-11-27'))
    render(calendar())
    await userEvent.click(screen.getByRole('button', { name: 'Seleziona più giorni' }))
    await userEvent.click(screen.getByRole('checkbox', { name: PRESENT }))
    await userEvent.click(screen.getByRole('checkbox', { name: /venerdì 27/ }))
    await userEvent.click(screen.getByRole('button', { name: 'Segna assenti (2)' }))
    const dialog = screen.getByRole('dialog', { name: 'Segnare assenti 2 giorni?' })
    expect(
      within(dialog)
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual(['martedì 24 novembre', 'venerdì 27 novembre'])
    await userEvent.click(within(dialog).getByRole('button', { name: 'Conferma' }))
    expect(sent).toMatchObject([{ action: 'cancel', days: [TUESDAY, '2026-11-27'] }])
    await screen.findByText('Greta: assente martedì 24 novembre, venerdì 27 novembre')
  })
})

describe('while the page stays open', () => {
  test('a day locks itself when its deadline passes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    render(calendar(november(new Date(instantInRome(TUESDAY, '09:30').getTime() - 60_000))))
    expect(day(PRESENT)).toBeVisible()
    await act(() => vi.advanceTimersByTimeAsync(61_000))
    expect(day('martedì 24 novembre, presente, non più modificabile')).toBeVisible()
  })

  test('days ticked before the page was hydrated stay chosen', async () => {
    const container = document.createElement('div')
    document.body.append(container)
    container.innerHTML = renderToString(calendar())
    const box = container.querySelector<HTMLInputElement>(`input[value="${TUESDAY}"]`) as HTMLInputElement
    box.checked = true
    render(calendar(), { container, hydrate: true })
    await waitFor(() =>
      expect(screen.getByRole('checkbox', { name: PRESENT })).toHaveAttribute('aria-checked', 'true'),
    )
    container.remove()
  })
})
