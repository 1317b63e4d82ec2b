import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { renderToStaticMarkup } from 'react-dom/server'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { DeviceList, SessionList } from '#components/devices/accesses.tsx'
import { PatternPad } from '#components/devices/pattern-pad.tsx'
import { RememberForm } from '#components/devices/remember-form.tsx'
import { UnlockScreen } from '#components/devices/unlock-screen.tsx'
import type { FormState } from '#lib/web/form-state.ts'

const digits = () => screen.getByLabelText<HTMLInputElement>('Scrivi i numeri')
const point = (digit: number) => screen.getByRole('button', { name: new RegExp(`^Punto ${digit},`) })

describe('the pad', () => {
  beforeEach(() => {
    render(<PatternPad name="sequenza" label="Disegna la tua sequenza" />)
  })

  test('is nine buttons that say where they are', () => {
    const names = screen.getAllByRole('button', { name: /^Punto/ }).map((button) => button.ariaLabel)
    expect(names).toEqual([
      'Punto 1, in alto a sinistra',
      'Punto 2, in alto al centro',
      'Punto 3, in alto a destra',
      'Punto 4, al centro a sinistra',
      'Punto 5, al centro',
      'Punto 6, al centro a destra',
      'Punto 7, in basso a sinistra',
      'Punto 8, in basso al centro',
      'Punto 9, in basso a destra',
    ])
  })

  test('is tapped point by point; a point counts once, and the number of points is announced', async () => {
    for (const digit of [7, 2, 9, 9, 4]) await userEvent.click(point(digit))
    expect(digits()).toHaveValue('7294')
    expect(screen.getByRole('status').textContent).toBe('4 punti scelti')
    expect(point(9).ariaPressed).toBe('true')
    expect(point(1).ariaPressed).toBe('false')
  })

  test('works with the keyboard: Enter and Space on a point, digits, and Backspace for the last', async () => {
    point(7).focus()
    await userEvent.keyboard('{Enter}')
    await userEvent.tab()
    await userEvent.keyboard(' ')
    await userEvent.keyboard('94')
    expect(digits()).toHaveValue('7894')
    await userEvent.keyboard('{Backspace}')
    expect(digits()).toHaveValue('789')
  })

  test('takes the last point back', async () => {
    await userEvent.click(point(1))
    await userEvent.click(point(6))
    await userEvent.click(screen.getByRole('button', { name: 'Togli l’ultimo punto' }))
    expect(digits()).toHaveValue('1')
    expect(screen.getByRole('status').textContent).toBe('1 punto scelto')
  })

  test('draws the typed digits, with any separator between them', async () => {
    await userEvent.type(digits(), '7-2 9')
    expect(document.querySelector('polyline')).toHaveAttribute('points', '0.5,2.5 1.5,0.5 2.5,2.5')
    expect(screen.getByRole('status').textContent).toBe('3 punti scelti')
  })

  test('hides trail, points and digits from a person who looks over a shoulder', async () => {
    await userEvent.click(point(5))
    await userEvent.click(screen.getByRole('button', { name: 'Nascondi il tracciato' }))
    expect(document.querySelector('polyline')).toBeNull()
    expect(digits().type).toBe('password')
    expect(point(5).className).toBe(point(1).className)
  })

  test('is drawn with one finger: points on the straight way count, those beside it do not', () => {
    const surface = point(1).parentElement as HTMLElement
    vi.spyOn(surface, 'getBoundingClientRect').mockReturnValue(DOMRect.fromRect({ width: 300, height: 300 }))
    const at = (clientX: number, clientY: number) => ({ clientX, clientY })
    fireEvent.pointerDown(surface, at(50, 50))
    fireEvent.pointerMove(surface, at(250, 50))
    fireEvent.pointerMove(surface, at(250, 250))
    fireEvent.pointerMove(surface, at(150, 200))
    fireEvent.pointerUp(surface)
    fireEvent.pointerMove(surface, at(50, 250))
    expect(digits()).toHaveValue('12369')
  })
})

describe('a sequence drawn in one stroke', () => {
  const sent = vi.fn((event: Event) => event.preventDefault())
  const at = (clientX: number, clientY: number) => ({ clientX, clientY })
  const ROUND = [at(50, 50), at(250, 50), at(250, 250), at(50, 250)]

  function draw(sends: boolean, places = ROUND): HTMLElement {
    vi.useFakeTimers()
    sent.mockClear()
    const { container } = render(
      <form>
        <PatternPad name="sequenza" label="Disegna" sends={sends} />
      </form>,
    )
    container.querySelector('form')?.addEventListener('submit', sent)
    const surface = point(1).parentElement as HTMLElement
    vi.spyOn(surface, 'getBoundingClientRect').mockReturnValue(DOMRect.fromRect({ width: 300, height: 300 }))
    stroke(surface, places)
    return surface
  }

  function stroke(surface: HTMLElement, [first, ...others]: typeof ROUND): void {
    fireEvent.pointerDown(surface, first)
    for (const place of others) fireEvent.pointerMove(surface, place)
    fireEvent.pointerUp(surface)
  }

  test('enters when the finger is lifted, once the line could be seen', () => {
    draw(true)
    expect(sent).not.toHaveBeenCalled()
    vi.advanceTimersByTime(300)
    expect(sent).toHaveBeenCalledTimes(1)
    expect(digits()).toHaveValue('1236987')
  })

  test('waits for the button where a sequence is chosen, and when the line is too short to be one', () => {
    draw(false)
    vi.advanceTimersByTime(1_000)
    expect(sent).not.toHaveBeenCalled()
    cleanup()
    draw(true, ROUND.slice(0, 3))
    vi.advanceTimersByTime(1_000)
    expect(sent).not.toHaveBeenCalled()
  })

  test('that is put together from several strokes or taps waits for the button', () => {
    const surface = draw(true, ROUND.slice(0, 3))
    stroke(surface, [at(150, 250), at(50, 250)])
    vi.advanceTimersByTime(1_000)
    expect(digits()).toHaveValue('1236987')
    expect(sent).not.toHaveBeenCalled()
  })

  test('does not enter when the finger comes back in time', () => {
    const surface = draw(true)
    vi.advanceTimersByTime(200)
    fireEvent.pointerDown(surface, at(150, 150))
    vi.advanceTimersByTime(1_000)
    expect(sent).not.toHaveBeenCalled()
  })
})

test('the field of digits is all there is without JavaScript', () => {
  const page = document.createElement('div')
  page.innerHTML = renderToStaticMarkup(<PatternPad name="sequenza" label="Disegna" />)
  expect(within(page).queryAllByRole('button')).toEqual([])
  expect(within(page).getByLabelText('Scrivi i numeri')).toHaveAttribute('name', 'sequenza')
  expect(page.innerHTML).not.toContain('style=')
})

describe('the unlock screen', () => {
  test('sends the sequence to an address that never changes, with the page to go to', () => {
    render(
      <UnlockScreen
        municipalitySlug="mozzecane"
        returnPath="/mozzecane/oggi"
        hasSequence
        hasPasskey={false}
      />,
    )
    const form = screen.getByRole('button', { name: 'Entra con la sequenza' }).closest('form')
    expect(form).toHaveAttribute('action', '/api/dispositivo/sblocca')
    expect(Object.fromEntries(new FormData(form as HTMLFormElement))).toEqual({
      municipalitySlug: 'mozzecane',
      returnPath: '/mozzecane/oggi',
      sequenza: '',
    })
    expect(screen.getByText('Non sei tu?')).toBeVisible()
  })

  test('offers finger or face first where the browser can ask for them', () => {
    vi.stubGlobal('PublicKeyCredential', class {})
    render(<UnlockScreen municipalitySlug="mozzecane" returnPath={null} hasSequence hasPasskey />)
    const names = screen.getAllByRole('button').map((button) => button.textContent)
    expect(names[0]).toBe('Entra con impronta, volto o codice')
    vi.unstubAllGlobals()
  })

  test('asks for no sequence where there is none', () => {
    render(<UnlockScreen municipalitySlug="mozzecane" returnPath={null} hasSequence={false} hasPasskey />)
    expect(screen.queryByLabelText('Scrivi i numeri')).not.toBeInTheDocument()
  })
})

test('the form of a new sequence asks for it twice, says what is wrong, and keeps nothing of what was drawn', async () => {
  const refusing = async (): Promise<FormState> => ({
    ok: false,
    error: { message: 'Le due sequenze non sono uguali.', fields: {} },
    typed: {},
  })
  render(<RememberForm municipalitySlug="mozzecane" action={refusing} />)
  const fields = screen.getAllByLabelText<HTMLInputElement>('Scrivi i numeri')
  expect(fields.map((field) => field.name)).toEqual(['sequenza', 'ripetuta'])
  for (const field of fields) await userEvent.type(field, '729416')
  await userEvent.click(screen.getByRole('button', { name: 'Salva la sequenza' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('Le due sequenze non sono uguali.')
})

describe('the lists of accesses', () => {
  const NOON = new Date('2026-11-24T11:00:00Z')
  const nothing = async (): Promise<FormState> => ({ ok: true, typed: {} })
  const device = {
    id: 'd1',
    name: 'Chrome su Android',
    since: NOON,
    lastUsed: NOON,
    hasSequence: true,
    passkeyId: 'k1',
    here: true,
  }
  const session = {
    id: 's1',
    device: 'Firefox su Linux',
    openedWith: 'identity' as const,
    method: 'cie' as const,
    since: NOON,
    lastSeen: NOON,
    here: false,
  }

  test('name what each button acts on, and say which device is this one', () => {
    render(
      <DeviceList municipalitySlug="mozzecane" devices={[device]} revoke={nothing} removePasskey={nothing} />,
    )
    expect(screen.getByRole('button', { name: 'Scollega Chrome su Android' })).toBeVisible()
    expect(screen.getByRole('button', { name: 'Togli l’impronta da Chrome su Android' })).toBeVisible()
    expect(screen.getByText('Questo dispositivo')).toBeVisible()
    expect(screen.getByText(/Ricordato il 24\/11\/2026 alle 12:00/)).toBeVisible()
  })

  test('leave a device its only way in: a passkey alone cannot be taken away, the device can', () => {
    const only = { ...device, hasSequence: false }
    render(
      <DeviceList municipalitySlug="mozzecane" devices={[only]} revoke={nothing} removePasskey={nothing} />,
    )
    expect(screen.getAllByRole('button')).toHaveLength(1)
  })

  test('say how each access was opened, and close all but this one', () => {
    const here = { ...session, id: 's2', openedWith: 'sequence' as const, here: true }
    render(<SessionList municipalitySlug="mozzecane" sessions={[session, here]} revoke={nothing} />)
    expect(screen.getByText(/Aperto il 24\/11\/2026 alle 12:00 con CIE/)).toBeVisible()
    expect(screen.getByText(/con la sequenza/)).toBeVisible()
    expect(screen.getAllByRole('button')).toHaveLength(1)
  })
})
