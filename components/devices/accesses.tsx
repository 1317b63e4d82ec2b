import { Icon } from '#components/ui/icon.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { instantInWords } from '#lib/day.ts'
import type { FormState } from '#lib/form-state.ts'
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

const Here = () => (
  <StatusChip tone="info" icon="smartphone">
    Questo dispositivo
  </StatusChip>
)

const opens = ({ hasSequence, passkeyId }: DeviceItem): string => {
  if (hasSequence && passkeyId) return 'Si entra con impronta, volto o codice, oppure con la sequenza'
  return passkeyId ? 'Si entra con impronta, volto o codice' : 'Si entra con la sequenza'
}

/** Devices that remember the person; nothing here gives anything away about the sequence. */
export function DeviceList({
  comune,
  devices,
  revoke,
  removePasskey,
}: {
  comune: string
  devices: DeviceItem[]
  revoke: Act
  removePasskey: Act
}) {
  return (
    <ul className="divide-y divide-line">
      {devices.map((device) => (
        <li key={device.id} className="grid gap-3 py-4 first:pt-0 last:pb-0">
          <div>
            <p className="flex flex-wrap items-center gap-2 font-semibold text-ink">
              <Icon name="monitor-smartphone" /> {device.name} {device.here && <Here />}
            </p>
            <p>{opens(device)}.</p>
            <p className="text-muted">
              Ricordato il {instantInWords(device.since)}. Usato l’ultima volta il{' '}
              {instantInWords(device.lastUsed)}.
            </p>
          </div>
          <div className="flex flex-wrap gap-3">
            <ActForm comune={comune} id={device.id} action={revoke} label="Scollega" about={device.name} />
            {device.passkeyId && device.hasSequence && (
              <ActForm
                comune={comune}
                id={device.passkeyId}
                action={removePasskey}
                label="Togli l’impronta"
                about={`da ${device.name}`}
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

const openedIn = ({ openedWith, method }: SessionItem): string => {
  if (openedWith === 'identity') return `con ${METHOD[method]}`
  return openedWith === 'sequence' ? 'con la sequenza' : 'con impronta, volto o codice'
}

/** Where the person is signed in now. */
export function SessionList({
  comune,
  sessions,
  revoke,
}: {
  comune: string
  sessions: SessionItem[]
  revoke: Act
}) {
  return (
    <ul className="divide-y divide-line">
      {sessions.map((session) => (
        <li
          key={session.id}
          className="flex flex-wrap items-center justify-between gap-3 py-4 first:pt-0 last:pb-0"
        >
          <div>
            <p className="flex flex-wrap items-center gap-2 font-semibold text-ink">
              {session.device || 'Dispositivo sconosciuto'} {session.here && <Here />}
            </p>
            <p className="text-muted">
              Aperto il {instantInWords(session.since)} {openedIn(session)}. Usato l’ultima volta il{' '}
              {instantInWords(session.lastSeen)}.
            </p>
          </div>
          {!session.here && (
            <ActForm
              comune={comune}
              id={session.id}
              action={revoke}
              label="Chiudi"
              about={`l’accesso da ${session.device || 'un dispositivo sconosciuto'} del ${instantInWords(session.since)}`}
            />
          )}
        </li>
      ))}
    </ul>
  )
}
