import { render, screen } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { OfficePhone } from '#components/office/office-phone.tsx'
import { PhoneCard } from '#components/profile/phone-card.tsx'
import type { Contacts } from '#lib/people/contact.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

const nothing = async <T,>(previous: FormState<T>): Promise<FormState<T>> => previous
const actions = { save: nothing<{ saved: boolean }>, confirm: nothing<{ phone: string }> }
const NONE = { phone: null, waitingPhone: null, canVerifyPhones: true, isPhoneTexted: true }
const card = (contacts: Partial<Contacts>, initial: FormState<never> = UNTOUCHED) =>
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
    expect(screen.getByText('Verificato')).toBeVisible()
    expect(screen.getByText(/verificato il 24\/11\/2026/)).toBeVisible()
    expect(screen.getByRole('textbox', { name: 'Telefono' })).toMatchObject({ value: '+39 333 1234567' })
  })

  test('that is not proved says how to prove it', () => {
    card(mobile(null))
    expect(screen.getByText('Non verificato')).toBeVisible()
    expect(screen.getByText(/Per verificarlo premi «Salva il telefono»/)).toBeVisible()
  })

  test('that is a landline says why it cannot be proved', () => {
    card({ phone: { number: '+390455550101', verifiedAt: null } })
    expect(screen.getByText(/A un numero fisso non arrivano SMS/)).toBeVisible()
  })

  test('cannot be proved where no gateway is configured, and no code is promised', () => {
    card({ ...mobile(null), canVerifyPhones: false })
    expect(screen.getByText(/Questo portale non manda SMS/)).toBeVisible()
    expect(screen.queryByText(/codice/)).not.toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'Salva il telefono' })).toBeVisible()
  })

  test('that is missing says what for it is', () => {
    card({})
    expect(screen.getByText(/in caso di urgenza l’ufficio mensa non può chiamarti/)).toBeVisible()
    expect(screen.queryByText(/erificato$/)).not.toBeInTheDocument()
  })

  test('awaits its code beside the number that it is for, and the field offers the one of the text', () => {
    card({ waitingPhone: { id: '1', phone: '+393407654321', isUndelivered: false } })
    const field = screen.getByRole('textbox', { name: 'Codice arrivato per SMS' })
    expect(field).toHaveAttribute('autocomplete', 'one-time-code')
    expect(field).toHaveAttribute('inputmode', 'numeric')
    expect(screen.getByText(/L’abbiamo mandato al \+39 340 7654321/)).toBeVisible()
  })

  test('says that its text did not leave, and asks for no code', () => {
    card({ waitingPhone: { id: '1', phone: '+393407654321', isUndelivered: true } })
    expect(screen.getByRole('heading', { name: 'L’SMS non è partito' })).toBeVisible()
    expect(screen.queryByRole('textbox', { name: /Codice/ })).not.toBeInTheDocument()
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
    expect(screen.getByRole('link')).toHaveAttribute('href', 'tel:+393331234567')
  })

  test('reads that there is none', () => {
    const { container } = render(<OfficePhone phone={null} isVerified={false} />)
    expect(container.textContent).toBe('non lo conosciamo')
  })
})
