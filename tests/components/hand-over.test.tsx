import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import { HandOverForm } from '#components/office/hand-over-form.tsx'
import { UndoHandOverForm } from '#components/office/undo-hand-over-form.tsx'
import type { HandOverAnswer, TypedHandOver, TypedUndo } from '#lib/people/office/hand-over.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

const SHOWN = { lines: ['Da adesso paga Marco Albertini.'], seen: 's', after: 'a' }

/** An action that previews whatever comes until it is confirmed, and keeps what it got. */
function twoPresses<Typed>(typedIn: (form: FormData) => Typed) {
  const sent: FormData[] = []
  const action = async (
    _: FormState<HandOverAnswer<Typed>>,
    form: FormData,
  ): Promise<FormState<HandOverAnswer<Typed>>> => {
    sent.push(form)
    const value =
      form.get('intent') === 'confirm'
        ? { holder: 'Marco Albertini' }
        : { preview: { ...SHOWN, typed: typedIn(form) } }
    return { ok: true, typed: {}, value }
  }
  return { sent, action }
}

const pressed = (sent: FormData[]) =>
  sent.map((form) => [form.get('intent'), form.get('seen'), form.get('after')])

describe('the forms of the holder', () => {
  test('the change says what would happen, keeps what was typed, and confirms what was shown', async () => {
    const user = userEvent.setup()
    const { sent, action } = twoPresses<TypedHandOver>((form) => ({
      fiscalCode: String(form.get('fiscalCode')),
      givenName: String(form.get('givenName')),
      familyName: String(form.get('familyName')),
      birthDay: null,
      email: null,
      keepAsDelegate: form.get('keepAsDelegate') === 'si',
      reason: String(form.get('reason')),
    }))
    render(
      <HandOverForm
        municipalitySlug="mozzecane"
        householdId="h"
        holderName="Laura Conti"
        initial={UNTOUCHED}
        action={action}
      />,
    )
    expect(screen.queryByRole('button', { name: 'Conferma e cambia l’intestatario' })).toBeNull()
    await user.type(screen.getByLabelText('Nome'), 'Marco')
    await user.click(screen.getByRole('checkbox', { name: 'Laura Conti resta come delegato' }))
    await user.click(screen.getByRole('button', { name: 'Mostra che cosa succederà' }))
    expect(await screen.findByText('Da adesso paga Marco Albertini.')).toBeVisible()
    expect(screen.getByLabelText('Nome')).toHaveValue('Marco')
    expect(screen.getByRole('checkbox', { name: 'Laura Conti resta come delegato' })).toBeChecked()
    await user.click(screen.getByRole('button', { name: 'Conferma e cambia l’intestatario' }))
    expect(await screen.findByText('Marco Albertini è l’intestatario')).toBeVisible()
    expect(pressed(sent)).toEqual([
      ['preview', null, null],
      ['confirm', 's', 'a'],
    ])
    expect(sent[1]?.get('keepAsDelegate')).toBe('si')
  })

  test('the undoing asks for the reason and is confirmed as it was shown', async () => {
    const user = userEvent.setup()
    const { sent, action } = twoPresses<TypedUndo>((form) => ({ undoReason: String(form.get('undoReason')) }))
    render(
      <UndoHandOverForm municipalitySlug="mozzecane" householdId="h" initial={UNTOUCHED} action={action} />,
    )
    await user.type(screen.getByLabelText('Motivo dell’annullamento'), 'Errore')
    await user.click(screen.getByRole('button', { name: 'Mostra che cosa succederà' }))
    expect(await screen.findByText('Da adesso paga Marco Albertini.')).toBeVisible()
    expect(screen.getByLabelText('Motivo dell’annullamento')).toHaveValue('Errore')
    await user.click(screen.getByRole('button', { name: 'Conferma e annulla il cambio' }))
    await expect
      .poll(() => pressed(sent))
      .toEqual([
        ['preview', null, null],
        ['confirm', 's', 'a'],
      ])
  })
})
