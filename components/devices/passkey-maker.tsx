'use client'

import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'
import { useEffect, useState, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { useWords } from '#words'

type Step<T> = (previous: FormState<T>, form: FormData) => Promise<FormState<T>>

const formOf = (fields: Readonly<Record<string, string>>): FormData => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

/**
 * *Usa impronta o volto*: the browser makes a key that never leaves the device.
 * @param begin answers what the browser needs
 * @param finish takes what the browser made, and leads to the list of devices
 */
export function PasskeyMaker({
  municipalitySlug,
  begin,
  finish,
}: {
  municipalitySlug: string
  begin: Step<PublicKeyCredentialCreationOptionsJSON>
  finish: Step<unknown>
}) {
  const t = useWords()
  const [isAble, setAble] = useState(false)
  const [problem, setProblem] = useState('')
  const [isBusy, start] = useTransition()
  useEffect(() => setAble('PublicKeyCredential' in window), [])

  const make = async () => {
    const { startRegistration } = await import('@simplewebauthn/browser')
    const begun = await begin(UNTOUCHED, formOf({ municipalitySlug, passo: 'crea' }))
    if (!begun.value) return setProblem(begun.error?.message ?? '')
    // The person said no on the device, or has no lock there: the browser throws, and the page stays as it was.
    const made = await startRegistration({ optionsJSON: begun.value }).catch(() => null)
    if (!made)
      return setProblem(t('Il dispositivo non ha creato la chiave. Riprova, oppure usa la sequenza.'))
    const finished = await finish(UNTOUCHED, formOf({ municipalitySlug, risposta: JSON.stringify(made) }))
    setProblem(finished?.error?.message ?? '')
  }
  if (!isAble) {
    return <p className="text-muted">{t('Questo browser non lo permette: usa la sequenza, qui sotto.')}</p>
  }
  return (
    <div className="grid gap-4">
      {problem && (
        <Notice kind="error" live title={t('Non è stato possibile')}>
          <p>{problem}</p>
        </Notice>
      )}
      <div>
        <Button
          type="button"
          size="lg"
          icon="fingerprint"
          aria-disabled={isBusy || undefined}
          onClick={() => !isBusy && start(make)}
        >
          {isBusy ? t('Conferma sul dispositivo…') : t('Usa impronta, volto o codice')}
        </Button>
      </div>
    </div>
  )
}
