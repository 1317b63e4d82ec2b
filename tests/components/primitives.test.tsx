import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test, vi } from 'vitest'
import { ClientWords } from '#components/language/client-words.tsx'
import { Answer } from '#components/ui/answer.tsx'
import { Countdown } from '#components/ui/countdown.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, ChoiceGroup, Field, SelectField } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { catalogueOf } from '#lib/words/catalogues.adapter.ts'

describe('a field', () => {
  test('is named by its label and described by hint and error together', () => {
    render(<Field label="Importo" name="importo" hint="Un multiplo di 5,40" error="Scrivi un importo" />)
    const input = screen.getByRole('textbox', { name: 'Importo' })
    expect(input).toHaveAttribute('aria-invalid', 'true')
    const described = (input.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent)
    expect(described).toEqual(['Un multiplo di 5,40', 'Errore: Scrivi un importo'])
  })

  test('without hint and error describes nothing', () => {
    render(<Field label="Nome" name="nome" />)
    const input = screen.getByRole('textbox', { name: 'Nome' })
    expect(input).not.toHaveAttribute('aria-describedby')
    expect(input).not.toHaveAttribute('aria-invalid')
  })

  test('a choice is a native select', () => {
    render(
      <SelectField label="Scuola" name="scuola">
        <option>Primaria</option>
      </SelectField>,
    )
    expect(screen.getByRole('combobox', { name: 'Scuola' }).id).toBe('scuola')
  })

  test('a question is the legend of its answers', () => {
    render(
      <ChoiceGroup legend="Come paghi?" name="metodo" error="Scegli come pagare">
        <Choice id="metodo" name="metodo" value="carta" label="Carta" hint="VISA o MASTERCARD" />
      </ChoiceGroup>,
    )
    expect(screen.getByRole('group', { name: 'Come paghi?' })).toBeVisible()
    expect(screen.getByRole('radio', { name: 'Carta' }).id).toBe('metodo')
  })
})

describe('what went wrong', () => {
  test('takes the focus, is announced and leads to each field', () => {
    render(<ErrorSummary message="Controlla." fields={{ importo: 'Scrivi un importo' }} />)
    const summary = screen.getByRole('alert')
    expect(summary).toHaveFocus()
    expect(screen.getByRole('link', { name: 'Scrivi un importo' })).toHaveAttribute('href', '#importo')
  })

  test('tells what a person wrote from the words of the portal, on a page in another language', () => {
    render(
      <ClientWords language="en" catalogue={catalogueOf('en')}>
        <ErrorSummary message={'Something is missing in “\u2068Chi pranza\u2069”.'} />
      </ClientWords>,
    )
    expect(screen.getByText('Chi pranza')).toHaveAttribute('lang', 'it')
    expect(screen.getByRole('alert')).toHaveTextContent('Something is missing in “Chi pranza”.')
  })

  test('is not there when nothing is wrong', () => {
    const { container } = render(<ErrorSummary fields={{}} />)
    expect(container.childElementCount).toBe(0)
  })
})

test('what a press answered takes the focus when it says something new, and leaves it where it is otherwise', () => {
  const answer = (said: string) => (
    <>
      <Answer said={said}>
        <button type="button">Conferma</button>
      </Answer>
      <button type="button">Altro</button>
    </>
  )
  const { rerender } = render(answer('uno'))
  const box = screen.getByRole('button', { name: 'Conferma' }).parentElement
  expect(box).toHaveFocus()
  screen.getByRole('button', { name: 'Altro' }).focus()
  rerender(answer('uno'))
  expect(screen.getByRole('button', { name: 'Altro' })).toHaveFocus()
  rerender(answer('due'))
  expect(box).toHaveFocus()
})

describe('a form’s button', () => {
  test('is never disabled, and while sending says so and sends once', async () => {
    let sent = 0
    const never = () => {
      sent += 1
      return new Promise<void>(() => undefined)
    }
    render(
      <form action={never}>
        <SubmitButton pendingLabel="Invio…">Conferma</SubmitButton>
      </form>,
    )
    const user = userEvent.setup()
    await user.click(screen.getByRole('button', { name: 'Conferma' }))
    const button = await screen.findByRole('button', { name: 'Invio…' })
    expect(button).not.toHaveAttribute('disabled')
    await user.click(button)
    expect(sent).toBe(1)
  })
})

describe('the time left', () => {
  test('counts from the server’s figure, with any clock of the device', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    render(<Countdown millisLeft={3 * 60_000} over="termine passato" />)
    expect(screen.getByRole('timer').textContent).toBe('mancano 3 minuti')
    act(() => vi.advanceTimersByTime(70_000))
    expect(screen.getByRole('timer').textContent).toBe('manca 1 minuto')
    act(() => vi.advanceTimersByTime(110_000))
    expect(screen.getByRole('timer').textContent).toBe('termine passato')
    vi.useRealTimers()
  })
})

describe('signs', () => {
  test('an icon is decoration unless it has a name of its own', () => {
    render(
      <>
        <Icon name="check" />
        <Icon name="info" label="Informazione" />
      </>,
    )
    expect(screen.getAllByRole('img').map((icon) => icon.getAttribute('aria-label'))).toEqual([
      'Informazione',
    ])
  })

  test('a state is always said in words', () => {
    render(
      <StatusChip tone="danger" icon="circle-x">
        Assente
      </StatusChip>,
    )
    expect(screen.getByText('Assente')).toBeVisible()
  })

  test('a live error interrupts, a live success waits its turn, a still notice says nothing', () => {
    render(
      <>
        <Notice kind="error" live title="No" />
        <Notice kind="success" live title="Sì" />
        <Notice kind="warning" title="Attento" />
      </>,
    )
    expect(screen.getByRole('alert').textContent).toBe('No')
    expect(screen.getByRole('status').textContent).toBe('Sì')
  })
})
