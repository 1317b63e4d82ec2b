'use client'

import { useActionState } from 'react'
import type { ButtonLook } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { useWords } from '#words'

type Props = {
  municipalitySlug: string
  /** Name and value of the one field. */
  field: { name: string; value: string }
  /** What the disclosure says before it is opened. */
  ask: string
  /** What happens, in a sentence, before the button that does it. */
  consequence: string
  confirm: string
  done: string
  look?: ButtonLook
  action: (previous: FormState<null>, form: FormData) => Promise<FormState<null>>
}

/** Ends something in two steps that work without JavaScript: open, read what happens, confirm. */
export function EndForm({
  municipalitySlug,
  field,
  ask,
  consequence,
  confirm,
  done,
  look = 'danger',
  action,
}: Props) {
  const t = useWords()
  const [state, send] = useActionState(action, UNTOUCHED)
  if (state.ok) return <Notice kind="success" live title={done} headingLevel="h3" />
  return (
    <details className="group">
      <summary className="inline-flex min-h-11 list-none items-center gap-2 font-semibold text-primary">
        <Icon name="chevron-down" className="group-open:rotate-180" />
        {ask}
      </summary>
      <form action={send} className="mt-3 grid gap-4 border-t border-line pt-4">
        <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
        <input type="hidden" name={field.name} value={field.value} />
        <ErrorSummary message={state.error?.message} />
        <p>{consequence}</p>
        <div>
          <SubmitButton look={look} pendingLabel={t('Un momento…')}>
            {confirm}
          </SubmitButton>
        </div>
      </form>
    </details>
  )
}
