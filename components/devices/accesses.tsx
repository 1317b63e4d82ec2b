import { Icon } from '#components/ui/icon.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { deviceInWords } from '#lib/devices/device-name.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { useWords } from '#words'
import { ActForm } from './act-form.tsx'

type Act = (previous: FormState, form: FormData) => Promise<FormState>

export type DeviceItem = {
  id: string
  name: string
  since: Date
  lastUsed: Date
  hasSequence: boolean
  passkeyId: string | null
  here: boolean
}

export type SessionItem = {
  id: string
  device: string
  openedWith: 'identity' | 'sequence' | 'passkey'
  method: 'spid' | 'cie'
  since: Date
  lastSeen: Date
  here: boolean
}

const Here = () => {
  const t = useWords()
  return (
    <StatusChip tone="info" icon="smartphone">
      {t('Questo dispositivo')}
    </StatusChip>
  )
}

const opens = (t: Words, { hasSequence, passkeyId }: DeviceItem): string => {
  if (hasSequence && passkeyId) return t('Si entra con impronta, volto o codice, oppure con la sequenza')
  return passkeyId ? t('Si entra con impronta, volto o codice') : t('Si entra con la sequenza')
}

/** Devices that remember the person; nothing here gives anything away about the sequence. */
export function DeviceList({
  municipalitySlug,
  devices,
  revoke,
  removePasskey,
}: {
  municipalitySlug: string
  devices: DeviceItem[]
  revoke: Act
  removePasskey: Act
}) {
  const t = useWords()
  return (
    <ul className="divide-y divide-line">
      {devices.map((device) => (
        <li key={device.id} className="grid gap-3 py-4 first:pt-0 last:pb-0">
          <div>
            <p className="flex flex-wrap items-center gap-2 font-semibold text-ink">
              <Icon name="monitor-smartphone" /> {deviceInWords(device.name, t)} {device.here && <Here />}
            </p>
            <p>{opens(t, device)}.</p>
            <p className="text-muted">
              {t('Ricordato il {since}. Usato l’ultima volta il {lastUsed}.', {
                since: instantInWords(device.since, t),
                lastUsed: instantInWords(device.lastUsed, t),
              })}
            </p>
          </div>
          <div className="flex flex-wrap gap-3">
            <ActForm
              municipalitySlug={municipalitySlug}
              id={device.id}
              action={revoke}
              label={t('Scollega')}
              about={deviceInWords(device.name, t)}
            />
            {device.passkeyId && device.hasSequence && (
              <ActForm
                municipalitySlug={municipalitySlug}
                id={device.passkeyId}
                action={removePasskey}
                label={t('Togli l’impronta')}
                about={t('da {name}', { name: deviceInWords(device.name, t) })}
                look="quiet"
              />
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}

const METHOD = { spid: 'SPID', cie: 'CIE' } as const

const openedIn = (t: Words, { openedWith, method }: SessionItem): string => {
  if (openedWith === 'identity') return t('con {method}', { method: METHOD[method] })
  return openedWith === 'sequence' ? t('con la sequenza') : t('con impronta, volto o codice')
}

/** Where the person is signed in now. */
export function SessionList({
  municipalitySlug,
  sessions,
  revoke,
}: {
  municipalitySlug: string
  sessions: SessionItem[]
  revoke: Act
}) {
  const t = useWords()
  return (
    <ul className="divide-y divide-line">
      {sessions.map((session) => (
        <li
          key={session.id}
          className="flex flex-wrap items-center justify-between gap-3 py-4 first:pt-0 last:pb-0"
        >
          <div>
            <p className="flex flex-wrap items-center gap-2 font-semibold text-ink">
              {deviceInWords(session.device, t) || t('Dispositivo sconosciuto')} {session.here && <Here />}
            </p>
            <p className="text-muted">
              {t('Aperto il {since} {session}. Usato l’ultima volta il {lastSeen}.', {
                since: instantInWords(session.since, t),
                session: openedIn(t, session),
                lastSeen: instantInWords(session.lastSeen, t),
              })}
            </p>
          </div>
          {!session.here && (
            <ActForm
              municipalitySlug={municipalitySlug}
              id={session.id}
              action={revoke}
              label={t('Chiudi')}
              about={t('l’accesso da {device} del {since}', {
                device: deviceInWords(session.device, t) || t('un dispositivo sconosciuto'),
                since: instantInWords(session.since, t),
              })}
            />
          )}
        </li>
      ))}
    </ul>
  )
}
