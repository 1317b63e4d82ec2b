'use client'

import { type ReactNode, useActionState } from 'react'
import type { ButtonLook } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { useWords } from '#words'

/** One act on one thing: a button whose name says which. */
export function ActForm({
  municipalitySlug,
  id,
  action,
  label,
  about,
  look = 'secondary',
}: {
  municipalitySlug: string
  id: string
  action: (previous: FormState, form: FormData) => Promise<FormState>
  label: ReactNode
  /** What the button acts on, for a screen reader that reads the button alone. */
  about: string
  look?: ButtonLook
}) {
  const t = useWords()
  const [state, send] = useActionState(action, UNTOUCHED)
  return (
    <form action={send} className="grid gap-2">
      {state.error && (
        <Notice kind="error" live>
          <p>{state.error.message}</p>
        </Notice>
      )}
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <input type="hidden" name="id" value={id} />
      <div>
        <SubmitButton look={look} pendingLabel={t('Un momento…')}>
          {label} <span className="sr-only">{about}</span>
        </SubmitButton>
      </div>
    </form>
  )
}
