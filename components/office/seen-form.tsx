'use client'

import { useActionState } from 'react'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { UNTOUCHED } from '#lib/web/form-state.ts'
import type { PreviewAction } from './preview-form.tsx'

export type SeenAction = PreviewAction<{ counts: number }>

/** The one press by which a cook says to have seen what stands above it. */
export function SeenForm({
  acknowledge,
  hidden,
  label,
}: {
  acknowledge: SeenAction
  hidden: Readonly<Record<string, string>>
  label: string
}) {
  const [state, send] = useActionState(acknowledge, UNTOUCHED)
  return (
    <form action={send} className="mt-3 grid justify-items-start gap-3">
      <HiddenFields values={hidden} />
      {state.error && (
        <Notice kind="error" title="Non ancora" live>
          <p>{state.error.message}</p>
        </Notice>
      )}
      <SubmitButton icon="circle-check" pendingLabel="Un momento…">
        {label}
      </SubmitButton>
    </form>
  )
}
