import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import { type CorrectionAction, CorrectionForm } from '#components/office/correction-form.tsx'
import { UNTOUCHED } from '#lib/web/form-state.ts'

const SUBJECT = { kind: 'adult' as const, id: 'p', householdId: 'h' }
const VALUES = { givenName: 'Laura', familyName: 'Conti', fiscalCode: 'CNTLRA86D52L781X', birthDay: '' }

/** An action that previews whatever comes, and keeps what it got. */
function previewing(isDoubtful: boolean) {
  const sent: FormData[] = []
  const action: CorrectionAction = async (_, form) => {
    sent.push(form)
    const text = (name: string) => String(form.get(name) ?? '')
    return {
      ok: true,
      typed: {},
      value: {
        lines: ['Nome: da “Laura” a “Lauretta”.'],
        isDoubtful,
        basis: 'b',
        seen: 's',
        typed: {
          givenName: text('givenName'),
          familyName: text('familyName'),
          fiscalCode: text('fiscalCode'),
          birthDay: text('birthDay') || null,
          earlier: form.get('earlier') === 'opens' ? 'opens' : null,
          opens: form.getAll('opens[]').map(String),
          checked: false,
          reason: text('reason'),
        },
      },
    }
  }
  return { sent, action }
}

const draw = (action: CorrectionAction, earlierCodes: string[] = []) =>
  render(
    <CorrectionForm
      municipalitySlug="mozzecane"
      subject={SUBJECT}
      values={VALUES}
      earlierCodes={earlierCodes}
      initial={UNTOUCHED}
      action={action}
    />,
  )

describe('the form that corrects a person', () => {
  test('says what would happen, keeps what was typed, and confirms only what was shown', async () => {
    const user = userEvent.setup()
    const { sent, action } = previewing(false)
    draw(action, ['00743110157'])
    expect(screen.queryByRole('button', { name: 'Conferma e correggi' })).toBeNull()
    await user.type(screen.getByLabelText('Nome'), 'tta')
    await user.click(screen.getByRole('radio', { name: 'È della stessa persona: apre ancora' }))
    await user.type(screen.getByLabelText('Motivo'), 'Documento')
    await user.click(screen.getByRole('button', { name: 'Vedi che cosa cambia' }))
    expect(await screen.findByText('Nome: da “Laura” a “Lauretta”.')).toBeVisible()
    expect(screen.getByLabelText('Nome')).toHaveValue('Lauratta')
    expect(screen.getByRole('radio', { name: 'È della stessa persona: apre ancora' })).toBeChecked()
    expect(screen.getByRole('checkbox', { name: '00743110157' })).toBeChecked()
    expect(screen.queryByRole('checkbox', { name: /Ho visto un documento/ })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Conferma e correggi' }))
    expect(sent.map((form) => [form.get('intent'), form.get('basis'), form.get('seen')])).toEqual([
      ['preview', null, null],
      ['confirm', 'b', 's'],
    ])
    expect(sent[1]?.getAll('opens[]')).toEqual(['00743110157'])
  })

  test('asks for a document where the code is not of that name', async () => {
    const user = userEvent.setup()
    const { sent, action } = previewing(true)
    draw(action)
    await user.click(screen.getByRole('button', { name: 'Vedi che cosa cambia' }))
    await user.click(await screen.findByRole('checkbox', { name: /Ho visto un documento/ }))
    await user.click(screen.getByRole('button', { name: 'Conferma e correggi' }))
    expect(sent[1]?.get('checked')).toBe('si')
  })

  test('does not ask what becomes of a pupil’s code, which opens nothing', () => {
    const { container } = render(
      <CorrectionForm
        municipalitySlug="mozzecane"
        subject={{ ...SUBJECT, kind: 'pupil' }}
        values={VALUES}
        earlierCodes={[]}
        initial={UNTOUCHED}
        action={previewing(false).action}
      />,
    )
    expect(within(container).queryByRole('radio')).toBeNull()
  })
})
