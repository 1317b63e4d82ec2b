'use client'

import { type ReactNode, useActionState } from 'react'
import type { ButtonLook } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

export type MenuAction<T = unknown> = (previous: FormState<T>, form: FormData) => Promise<FormState<T>>

export type Hidden = Readonly<Record<string, string | number>>

/** A form whose fields cannot be wrong by themselves: one button, its reasons when it is refused. */
export function ActionForm({
  action,
  hidden,
  label,
  pendingLabel,
  look,
  icon,
  children,
}: {
  action: MenuAction
  hidden: Hidden
  label: string
  pendingLabel?: string
  look?: ButtonLook
  icon?: IconName
  children?: ReactNode
}) {
  const [state, send] = useActionState<FormState, FormData>(action, UNTOUCHED)
  return (
    <form action={send} className="grid gap-4">
      <ErrorSummary message={state.error?.message} />
      <HiddenFields values={hidden} />
      {children}
      <div>
        <SubmitButton
          {...(look ? { look } : {})}
          {...(icon ? { icon } : {})}
          pendingLabel={pendingLabel ?? 'Un momento…'}
        >
          {label}
        </SubmitButton>
      </div>
    </form>
  )
}
