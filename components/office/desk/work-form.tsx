'use client'

import { type ReactNode, useActionState } from 'react'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

export type WorkAction = (previous: FormState<null>, form: FormData) => Promise<FormState<null>>

/** One press on a line of work. @param about the work, for a reader who hears only the button */
export function WorkForm({
  action,
  values,
  about,
  children,
}: {
  action: WorkAction
  values: Record<string, string>
  about: string
  children: ReactNode
}) {
  const [{ error }, send] = useActionState<FormState<null>, FormData>(action, UNTOUCHED)
  return (
    <form action={send} className="grid gap-1">
      <HiddenFields values={values} />
      <SubmitButton look="secondary" pendingLabel="Un momento…">
        {children}
        <span className="sr-only">: {about}</span>
      </SubmitButton>
      {error && (
        <p role="alert" className="max-w-xs text-sm font-semibold text-danger">
          {error.message}
        </p>
      )}
    </form>
  )
}
