'use client'

import { Button } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { useWords } from '#words'
import { TroubleNotice } from './trouble-notice.tsx'
import { type FormAction, useSending } from './use-sending.ts'

/** The last press: sends what the recap shows. Pressed twice, it is sent once. */
export function SendForm({
  hidden,
  action,
}: {
  hidden: Record<string, string>
  action: FormAction<unknown>
}) {
  const t = useWords()
  const { state, formAction, onSubmit, pending, trouble } = useSending(action)
  return (
    <form action={formAction} onSubmit={onSubmit} className="grid gap-4 print:hidden">
      <HiddenFields values={hidden} />
      <TroubleNotice trouble={trouble} />
      <ErrorSummary message={state.error?.message} />
      <div>
        <Button size="lg" icon="send" aria-disabled={pending || undefined}>
          {pending ? t('Invio in corso…') : t('Invia la domanda')}
        </Button>
      </div>
    </form>
  )
}
