'use client'

import { Button } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field, TextAreaField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { useWords } from '#words'
import { TroubleNotice } from './trouble-notice.tsx'
import { type FormAction, useSending } from './use-sending.ts'

type Props = { municipalitySlug: string; submissionId: string; action: FormAction<unknown> }

/** Answers in place what the office asked for. */
export function IntegrationForm({
  municipalitySlug,
  submissionId,
  action,
  accept,
  types,
}: Props & { accept: string; types: string }) {
  const t = useWords()
  const { state, formAction, onSubmit, pending, trouble } = useSending(action)
  const errors = state.error?.fields ?? {}
  return (
    <form action={formAction} onSubmit={onSubmit} noValidate className="grid gap-4">
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <input type="hidden" name="submissionId" value={submissionId} />
      <TroubleNotice trouble={trouble} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      <Field
        label={t('Documenti')}
        hint={t('Tipi accettati: {types}. Al massimo 8 MB.', { types })}
        name="files[]"
        type="file"
        accept={accept}
        multiple
        error={errors.files}
        className="file:me-3 file:rounded file:border-0 file:bg-primary-light file:px-3 file:py-1.5 file:font-semibold file:text-info"
      />
      <TextAreaField
        label={t('La tua risposta')}
        name="words"
        maxLength={2_000}
        defaultValue={state.typed.words ?? ''}
        error={errors.words}
      />
      <div>
        <Button icon="send" aria-disabled={pending || undefined}>
          {pending ? t('Invio in corso…') : t('Manda all’ufficio')}
        </Button>
      </div>
    </form>
  )
}

/** Takes a submission back, after saying what that means. */
export function WithdrawForm({ municipalitySlug, submissionId, action }: Props) {
  const t = useWords()
  const { state, formAction, onSubmit, pending, trouble } = useSending(action)
  return (
    <details className="print:hidden">
      <summary className="inline-flex min-h-11 cursor-pointer items-center text-primary underline">
        {t('Vuoi ritirare la domanda?')}
      </summary>
      <form action={formAction} onSubmit={onSubmit} className="mt-3 grid gap-4">
        <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
        <input type="hidden" name="submissionId" value={submissionId} />
        <TroubleNotice trouble={trouble} />
        <ErrorSummary message={state.error?.message} />
        <p>{t('L’ufficio non la esaminerà più. Resta qui, con il suo numero, e puoi mandarne un’altra.')}</p>
        <div>
          <Button look="danger" icon="undo-2" aria-disabled={pending || undefined}>
            {pending ? t('Invio in corso…') : t('Ritira la domanda')}
          </Button>
        </div>
      </form>
    </details>
  )
}

/** Throws a draft away. */
export function DiscardForm({
  hidden,
  action,
}: {
  hidden: Record<string, string>
  action: FormAction<unknown>
}) {
  const t = useWords()
  const { state, formAction, onSubmit, pending, trouble } = useSending(action)
  return (
    <form action={formAction} onSubmit={onSubmit} className="grid gap-3">
      <HiddenFields values={hidden} />
      <TroubleNotice trouble={trouble} />
      <ErrorSummary message={state.error?.message} />
      <div>
        <Button look="quiet" icon="trash-2" aria-disabled={pending || undefined}>
          {t('Elimina la bozza')}
        </Button>
      </div>
    </form>
  )
}
