'use client'

import { useEffect, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { useWords } from '#words'

type Props = { municipalitySlug: string; returnPath: string | null }

const ask = (address: string, body: unknown): Promise<Response> =>
  fetch(`/api/dispositivo/passkey/${address}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** Asks the device for finger, face or code. @returns the address of the first page; null when it did not work */
async function unlock({ municipalitySlug, returnPath }: Props): Promise<string | null> {
  const options = await ask('opzioni', { municipalitySlug })
  if (!options.ok) return null
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const risposta = await startAuthentication({ optionsJSON: await options.json() })
  const answer = await ask('sblocca', { municipalitySlug, returnPath, risposta })
  return answer.ok ? ((await answer.json()) as { vai: string }).vai : null
}

/** *Entra con impronta o volto*: only where the browser can, so only with JavaScript. */
export function PasskeyUnlock(props: Props) {
  const t = useWords()
  const [state, setState] = useState<'unable' | 'ready' | 'asking' | 'failed'>('unable')
  useEffect(() => {
    if ('PublicKeyCredential' in window) setState('ready')
  }, [])
  const press = async () => {
    setState('asking')
    // Cancelling on the device is an error of the browser's: for the person both mean "not this time".
    const address = await unlock(props).catch(() => null)
    if (address) window.location.assign(address)
    else setState('failed')
  }
  if (state === 'unable') return null
  return (
    <div className="grid gap-4">
      {state === 'failed' && (
        <Notice kind="error" live title={t('Non ha funzionato')}>
          <p>{t('Riprova, oppure entra in uno degli altri modi di questa pagina.')}</p>
        </Notice>
      )}
      <Button
        type="button"
        size="lg"
        wide
        icon="fingerprint"
        aria-disabled={state === 'asking' || undefined}
        onClick={() => state !== 'asking' && press()}
      >
        {state === 'asking' ? t('Conferma sul dispositivo…') : t('Entra con impronta, volto o codice')}
      </Button>
    </div>
  )
}
