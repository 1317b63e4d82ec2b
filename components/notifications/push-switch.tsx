'use client'

import { useEffect, useState, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { fill } from '#lib/words/fill.ts'
import { useWords } from '#words'

type State = 'unknown' | 'able' | 'here' | 'denied' | 'to-install' | 'unable'

const isApple = (): boolean =>
  /iPhone|iPad/.test(navigator.userAgent) ||
  (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)

/** By which this browser finds itself in the list: the same digest that the server writes. */
async function fingerprintOf(endpoint: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint))
  return Array.from(new Uint8Array(digest).slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const worker = async (): Promise<ServiceWorkerRegistration> => {
  await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
  return navigator.serviceWorker.ready
}

async function stateOf(fingerprints: readonly string[]): Promise<State> {
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
    return isApple() ? 'to-install' : 'unable'
  if (Notification.permission === 'denied') return 'denied'
  const registration = await navigator.serviceWorker.getRegistration()
  const own = await registration?.pushManager.getSubscription()
  return own && fingerprints.includes(await fingerprintOf(own.endpoint)) ? 'here' : 'able'
}

/** Subscribes this browser at its push service. @returns what the server needs to write to it */
async function subscribeBrowser(pushKey: string) {
  const { pushManager } = await worker()
  // Made for another key, it could never be used: the browser refuses a second one beside it.
  await (await pushManager.getSubscription())?.unsubscribe()
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: pushKey })
  const { endpoint, keys } = made.toJSON()
  return { endpoint, p256dh: keys?.p256dh, auth: keys?.auth }
}

function formOf(values: Readonly<Record<string, string | undefined>>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(values)) form.set(name, value ?? '')
  return form
}

/** Makes this browser receive notifications. It asks only when pressed, and says beforehand what will happen. */
export function PushSwitch({
  municipalitySlug,
  pushKey,
  fingerprints,
  subscribe,
}: {
  municipalitySlug: string
  pushKey: string
  fingerprints: string[]
  subscribe: (previous: FormState, form: FormData) => Promise<FormState>
}) {
  const [state, setState] = useState<State>('unknown')
  const [problem, setProblem] = useState('')
  const t = useWords()
  const [isBusy, start] = useTransition()
  const known = fingerprints.join(' ')
  useEffect(() => {
    stateOf(known.split(' ')).then(setState, () => setState('unable'))
  }, [known])

  const allow = async () => {
    setProblem('')
    if ((await Notification.requestPermission()) !== 'granted') return setState(await stateOf(fingerprints))
    try {
      const form = formOf({ municipalitySlug, ...(await subscribeBrowser(pushKey)) })
      const answer = await subscribe(UNTOUCHED, form)
      setProblem(answer?.error?.message ?? '')
    } catch {
      setProblem(t('Il browser non ha potuto attivarle. Riprova più tardi: intanto ti scriviamo per e-mail.'))
    }
  }

  if (state !== 'able') return <WhyNoButton state={state} municipalitySlug={municipalitySlug} />
  return (
    <div className="grid gap-4">
      {problem && (
        <Notice kind="error" live>
          <p>{problem}</p>
        </Notice>
      )}
      <div>
        <Button
          type="button"
          icon="bell"
          aria-disabled={isBusy || undefined}
          onClick={() => !isBusy && start(allow)}
        >
          {isBusy ? t('Rispondi alla domanda del browser…') : t('Attiva su questo dispositivo')}
        </Button>
      </div>
      <p className="text-sm text-muted">
        {t('Il browser ti chiederà il permesso. Puoi toglierlo quando vuoi.')}
      </p>
    </div>
  )
}

/** Where there is nothing to press: why, and what to do instead. */
function WhyNoButton({
  state,
  municipalitySlug,
}: {
  state: Exclude<State, 'able'>
  municipalitySlug: string
}) {
  const t = useWords()
  if (state === 'unknown')
    return <p className="text-muted">{t('Per attivarle serve un browser con JavaScript.')}</p>
  if (state === 'unable')
    return <p>{t('Questo browser non riceve notifiche: prova dal telefono, oppure usa l’e-mail.')}</p>
  if (state === 'to-install')
    return (
      <p>
        {fill(
          t(
            'Su iPhone e iPad arrivano solo se il portale è fra le app: {steps}, poi apri il portale da lì e torna qui.',
          ),
          {
            steps: (
              <a key="steps" href={`/${municipalitySlug}/installa`}>
                {t('ecco come si fa')}
              </a>
            ),
          },
        )}
      </p>
    )
  if (state === 'denied')
    return (
      <p>
        {t(
          'Le hai bloccate per questo sito. Per riattivarle apri le impostazioni del browser, cerca “Notifiche” fra i permessi di questo sito, scegli “Consenti” e ricarica la pagina.',
        )}
      </p>
    )
  return (
    <Notice kind="success" headingLevel="h3">
      <p>{t('Questo dispositivo riceve le notifiche.')}</p>
    </Notice>
  )
}
