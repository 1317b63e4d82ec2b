'use client'

import { type ReactNode, useActionState } from 'react'
import { PreviewPresses } from '#components/office/preview-presses.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import type { ColleaguePreview } from '#lib/people/office/colleague.ts'
import type { FormState } from '#lib/web/form-state.ts'

type Texts = Readonly<Record<string, string>>
type Value = { preview: ColleaguePreview & { typed: Record<string, string> } }
export type ColleagueAction = (previous: FormState<Value>, form: FormData) => Promise<FormState<Value>>

/** A form about colleagues: the first press says what would happen, the second does it. */
export function ColleagueForm({
  hidden,
  starting,
  initial,
  action,
  confirmLabel,
  children,
}: {
  hidden: Texts
  /** What the fields hold before anything is typed. */
  starting: Texts
  initial: FormState<never>
  action: ColleagueAction
  confirmLabel: string
  /** The fields, with what was typed and what is wrong. */
  children: (typed: Texts, errors: Texts) => ReactNode
}) {
  const [state, send] = useActionState(action, initial as FormState<Value>)
  const errors = state.error?.fields ?? {}
  const preview = state.ok ? state.value?.preview : undefined
  const typed: Texts = { ...starting, ...(preview?.typed ?? state.typed) }
  return (
    <form action={send} noValidate className="grid max-w-2xl gap-5">
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      {/* React empties a form that was sent well: what was previewed stays in the fields. */}
      <div key={JSON.stringify(typed)} className="grid gap-5">
        {children(typed, errors)}
      </div>
      <PreviewPresses preview={preview} confirmLabel={confirmLabel} />
    </form>
  )
}
