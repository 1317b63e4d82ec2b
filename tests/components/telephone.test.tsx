import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'
import { OfficePhone } from '#components/office/office-phone.tsx'
import { PhoneCard } from '#components/profile/phone-card.tsx'
import type { Contacts } from '#lib/people/contact.ts'
import { type FormState, untouched } from '#lib/web/form-state.ts'

afterEach(cleanup)

const nothing = async <T,>(previous: FormState<T>): Promise<FormState<T>> => previous
const actions = { save: nothing<{ saved: boolean }>, confirm: nothing<{ phone: string }> }
const NONE = { phone: null, waitingPhone: null, canVerifyPhones: true }
const card = (contacts: Partial<Contacts>, initial: FormState<never> = untouched) =>
  render(
    <PhoneCard
      municipalitySlug="mozzecane"
      contacts={{ ...NONE, ...contacts }}
      initial={initial}
      actions={actions}
    />,
  )
const mobile = (verifiedAt: Date | null) => ({ phone: { number: '+393331234567', verifiedAt } })

describe('the own telephone', () => {
  test('that is proved says so, and since when', () => {
    card(mobile(new Date('2026-11-24T07:00:00Z')))
    expect(screen.getByText('Verificato')).toBeTruthy()
    expect(screen.getByText(/verificato il 24\/11\/2026/)).toBeTruthy()
    expect(screen.getByRole('textbox', { name: 'Telefono' })).toMatchObject({ value: '+39 333 1234567' })
  })

  test('that is not proved says how to prove it', () => {
    card(mobile(null))
    expect(screen.getByText('Non verificato')).toBeTruthy()
    expect(screen.getByText(/Per verificarlo premi «Salva il telefono»/)).toBeTruthy()
  })

  test('that is a landline says why it cannot be proved', () => {
    card({ phone: { number: '+390455550101', verifiedAt: null } })
    expect(screen.getByText(/A un numero fisso non arrivano SMS/)).toBeTruthy()
  })

  test('cannot be proved where no gateway is configured, and no code is promised', () => {
    card({ ...mobile(null), canVerifyPhones: false })
    expect(screen.getByText(/Questo portale non manda SMS/)).toBeTruthy()
    expect(screen.queryByText(/codice/)).toBeNull()
    expect(screen.getByRole('button', { name: 'Salva il telefono' })).toBeTruthy()
  })

  test('that is missing says what for it is', () => {
    card({})
    expect(screen.getByText(/in caso di urgenza l’ufficio mensa non può chiamarti/)).toBeTruthy()
    expect(screen.queryByText(/erificato$/)).toBeNull()
  })

  test('awaits its code beside the number that it is for, and the field offers the one of the text', () => {
    card({ waitingPhone: { id: '1', phone: '+393407654321', isUndelivered: false } })
    const field = screen.getByRole('textbox', { name: 'Codice arrivato per SMS' })
    expect(field.getAttribute('autocomplete')).toBe('one-time-code')
    expect(field.getAttribute('inputmode')).toBe('numeric')
    expect(screen.getByText(/L’abbiamo mandato al \+39 340 7654321/)).toBeTruthy()
  })

  test('whose text did not leave says so, and asks for no code that nobody has', () => {
    card({ waitingPhone: { id: '1', phone: '+393407654321', isUndelivered: true } })
    expect(screen.getByRole('heading', { name: 'L’SMS non è partito' })).toBeTruthy()
    expect(screen.queryByRole('textbox', { name: /Codice/ })).toBeNull()
    expect(screen.getByRole('textbox', { name: 'Telefono' })).toMatchObject({ value: '+39 340 7654321' })
  })

  test('keeps what was typed before SPID or CIE were asked for', () => {
    card(mobile(null), { ok: null, typed: { phone: '340 7654321' } })
    expect(screen.getByRole('textbox', { name: 'Telefono' })).toMatchObject({ value: '340 7654321' })
  })
})

describe('the office', () => {
  test.each([
    [true, '(verificato)'],
    [false, '(non verificato)'],
  ])('reads whether the number is proved: %s', (isVerified, words) => {
    const { container } = render(<OfficePhone phone="+393331234567" isVerified={isVerified} />)
    expect(container.textContent).toBe(`+39 333 1234567 ${words}`)
    expect(screen.getByRole('link').getAttribute('href')).toBe('tel:+393331234567')
  })

  test('reads that there is none', () => {
    const { container } = render(<OfficePhone phone={null} isVerified={false} />)
    expect(container.textContent).toBe('non lo conosciamo')
  })
})
