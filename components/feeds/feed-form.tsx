'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { SelectField } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { plural } from '#lib/words/language.ts'
import { useWords } from '#words'

type Made = { pupilId: string; address: string }

/** Asks for a calendar address and shows it once: here, and nowhere else ever again. */
export function FeedForm({
  municipalitySlug,
  pupilId,
  alarms,
  chosen,
  renew,
  action,
}: {
  municipalitySlug: string
  pupilId: string
  /** Minutes and the hour at which they ring: 45 → "8:45". */
  alarms: { minutes: number; time: string }[]
  chosen: string
  /** There is an address already: the new one takes its place. */
  renew: boolean
  action: (previous: FormState<Made>, form: FormData) => Promise<FormState<Made>>
}) {
  const [state, send] = useActionState(action, UNTOUCHED)
  const t = useWords()
  if (state.ok && state.value)
    return (
      <Notice kind="success" live title={t('Ecco l’indirizzo: copialo adesso')} headingLevel="h3">
        <p>{t('Lo vedi solo questa volta. Chi ce l’ha vede i giorni di mensa: non mandarlo ad altri.')}</p>
        <textarea
          readOnly
          rows={3}
          aria-label={t('Indirizzo del calendario')}
          value={state.value.address}
          className="mt-3 w-full rounded border-2 border-line-strong bg-white px-3 py-2 text-sm break-all"
        />
        <p className="mt-3">
          <a href={state.value.address.replace(/^https?:/, 'webcal:')}>
            {t('Aggiungilo su questo dispositivo')}
          </a>
        </p>
      </Notice>
    )
  return (
    <form action={send} className="grid gap-4">
      <ErrorSummary message={state.error?.message} />
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <input type="hidden" name="pupilId" value={pupilId} />
      <SelectField
        id={`alarm-${pupilId}`}
        name="alarm"
        label={t('Avviso prima del termine per disdire')}
        defaultValue={state.typed.alarm ?? chosen}
        className="max-w-md"
      >
        {alarms.map(({ minutes, time }) => (
          <option key={minutes} value={minutes}>
            {t(plural('{n} minuto prima, alle {time}', '{n} minuti prima, alle {time}'), {
              n: minutes,
              time,
            })}
          </option>
        ))}
        <option value="0">{t('Nessun avviso')}</option>
      </SelectField>
      <div>
        <SubmitButton look={renew ? 'secondary' : 'primary'} pendingLabel={t('Un momento…')}>
          {renew ? t('Crea un indirizzo nuovo') : t('Crea l’indirizzo')}
        </SubmitButton>
      </div>
    </form>
  )
}
