import { ActForm } from '#components/devices/act-form.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { deviceInWords } from '#lib/devices/device-name.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import type { DeviceLine } from '#lib/notifications/choices.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { useWords } from '#words'
import { PushSwitch } from './push-switch.tsx'

type Act = (previous: FormState, form: FormData) => Promise<FormState>

/** The devices that receive, and the way to make this one receive too. */
export function PushDevices({
  municipalitySlug,
  pushKey,
  devices,
  subscribe,
  remove,
}: {
  municipalitySlug: string
  pushKey: string | null
  devices: readonly DeviceLine[]
  subscribe: Act
  remove: Act
}) {
  const t = useWords()
  return (
    <div className="grid gap-5">
      <p>
        {t(
          'Sul telefono una notifica appare anche a portale chiuso. Sullo schermo bloccato non si leggono nomi di bambini, diete o importi.',
        )}
      </p>
      {pushKey === null ? (
        <p>{t('In questo portale le notifiche sui dispositivi non sono attive: ti scriviamo per e-mail.')}</p>
      ) : (
        <PushSwitch
          municipalitySlug={municipalitySlug}
          pushKey={pushKey}
          fingerprints={devices.map(({ fingerprint }) => fingerprint)}
          subscribe={subscribe}
        />
      )}
      {devices.length > 0 && (
        <ul className="divide-y divide-line border-t border-line">
          {devices.map((device) => (
            <li key={device.id} className="flex flex-wrap items-center justify-between gap-3 py-4 last:pb-0">
              <div>
                <p className="flex items-center gap-2 font-semibold text-ink">
                  <Icon name="smartphone" /> {deviceInWords(device.name, t)}
                </p>
                <p className="text-sm text-muted">
                  {device.lastSentAt
                    ? t('Dal {day}. Ultima notifica il {last}.', {
                        day: numericDay(dayInRome(device.since)),
                        last: numericDay(dayInRome(device.lastSentAt)),
                      })
                    : t('Dal {day}.', { day: numericDay(dayInRome(device.since)) })}
                </p>
              </div>
              <ActForm
                municipalitySlug={municipalitySlug}
                id={device.id}
                action={remove}
                label={t('Togli')}
                about={deviceInWords(device.name, t)}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
