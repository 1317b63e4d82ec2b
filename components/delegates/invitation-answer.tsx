'use client'

import { useActionState } from 'react'
import { ButtonLink } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { useWords } from '#words'

type Answered = { accepted: boolean }

/** Yes or no to an invitation; afterwards, where to go. */
export function InvitationAnswer({
  municipalitySlug,
  token,
  action,
}: {
  municipalitySlug: string
  token: string
  action: (previous: FormState<Answered>, form: FormData) => Promise<FormState<Answered>>
}) {
  const t = useWords()
  const [state, send] = useActionState(action, UNTOUCHED)
  if (state.ok)
    return state.value?.accepted ? (
      <Notice
        kind="success"
        live
        title={t('Delega accettata')}
        action={<ButtonLink href={`/${municipalitySlug}/oggi`}>{t('Vai al calendario di oggi')}</ButtonLink>}
      >
        <p>{t('Da ora puoi vedere il calendario e disdire i pasti.')}</p>
      </Notice>
    ) : (
      <Notice
        kind="info"
        live
        title={t('Hai rifiutato l’invito')}
        action={
          <ButtonLink href={`/${municipalitySlug}`} look="secondary">
            {t('Torna alla mensa')}
          </ButtonLink>
        }
      >
        <p>{t('Lo diciamo a chi ti aveva invitato. Per te non cambia niente.')}</p>
      </Notice>
    )
  return (
    <form action={send} className="grid gap-4">
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <input type="hidden" name="token" value={token} />
      <ErrorSummary message={state.error?.message} />
      <div className="flex flex-wrap gap-3">
        <SubmitButton name="answer" value="accetto" pendingLabel={t('Un momento…')}>
          {t('Accetta la delega')}
        </SubmitButton>
        <SubmitButton name="answer" value="rifiuto" look="secondary" pendingLabel={t('Un momento…')}>
          {t('Rifiuta')}
        </SubmitButton>
      </div>
    </form>
  )
}
