import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ActForm } from '#components/devices/act-form.tsx'
import { ChoicesForm } from '#components/notifications/choices-form.tsx'
import { PushDevices } from '#components/notifications/push-devices.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { requireViewer } from '#lib/auth/session.ts'
import { type ChoicesView, GROUPS, isWanted } from '#lib/notifications/choices.ts'
import { ruleOf } from '#lib/notifications/notification.ts'
import { choicesOf } from '#lib/notifications/queries.ts'
import { remove, save, subscribe, tryOut } from './actions.ts'

export const metadata: Metadata = { title: 'Scelte delle notifiche' }

const DONE: Readonly<Record<string, string>> = {
  scelte: 'Scelte salvate.',
  attivo: 'Fatto: da ora le notifiche arrivano anche su questo dispositivo. Prova se funziona.',
  tolto: 'Fatto: a quel dispositivo non arriva più niente.',
  prova: 'Prova mandata: guarda se ti è arrivata. Per un’e-mail può servire qualche minuto.',
}

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<{ fatto?: string | string[] }>
}

/** Only plain values travel to the browser: labels and boxes, in groups, for this person. */
const groupsOf = ({ events, stored }: ChoicesView) =>
  GROUPS.map(({ title, events: all }) => ({
    title,
    lines: all
      .filter((event) => events.includes(event))
      .map((event) => {
        const { label, explains, mail } = ruleOf(event)
        return {
          event,
          label,
          explains,
          email: isWanted(stored, event, 'email'),
          push: isWanted(stored, event, 'push'),
          isMailFixed: mail === 'always',
        }
      }),
  })).filter(({ lines }) => lines.length > 0)

function Address({ comune, view }: { comune: string; view: ChoicesView }) {
  const profile = <a href={`/${comune}/profilo`}>profilo</a>
  if (!view.email)
    return (
      <Notice kind="warning" title="Non abbiamo la tua e-mail">
        <p>Scrivila nel tuo {profile}: senza, le notifiche le trovi solo qui nel portale.</p>
      </Notice>
    )
  if (view.isEmailRefused)
    return (
      <Notice kind="warning" title="La tua e-mail non riceve">
        <p>
          I messaggi a <strong className="font-semibold break-all">{view.email}</strong> tornano indietro.
          Cambiala nel tuo {profile}.
        </p>
      </Notice>
    )
  return (
    <p>
      Le e-mail vanno a <strong className="font-semibold break-all">{view.email}</strong>. Puoi cambiarla nel
      tuo {profile}.
    </p>
  )
}

export default async function NotificationChoices({ params, searchParams }: Props) {
  const [{ comune }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(comune)
  const view = await choicesOf(viewer)
  if (!view) notFound()
  const done = typeof fatto === 'string' && Object.hasOwn(DONE, fatto) ? DONE[fatto] : undefined
  const { isQuiet, quietFrom, quietTo, lowBalanceMeals } = view.stored
  return (
    <>
      <Breadcrumb items={[{ label: 'Notifiche', href: `/${comune}/notifiche` }, { label: 'Scelte' }]} />
      <PageHeading
        title="Che cosa ti arriva"
        lead="Nel portale trovi sempre tutto. Qui scegli che cosa ricevere anche per e-mail e sul telefono."
      />
      <div className="grid gap-6">
        {done && (
          <Notice kind="success" live>
            <p>{done}</p>
          </Notice>
        )}
        <Address comune={comune} view={view} />
        <ChoicesForm
          comune={comune}
          action={save}
          groups={groupsOf(view)}
          quiet={{ isQuiet, from: quietFrom, to: quietTo }}
          threshold={view.isHolder ? lowBalanceMeals : null}
        />
        <Card title="Su questo e su altri dispositivi" titleId="dispositivi">
          <PushDevices
            comune={comune}
            pushKey={view.pushKey}
            devices={view.devices}
            subscribe={subscribe}
            remove={remove}
          />
        </Card>
        <Card title="Prova" titleId="prova">
          <p className="mb-4">
            Ti mandiamo subito un messaggio vero, per e-mail e sui dispositivi qui sopra: così sai se
            funziona.
          </p>
          <ActForm comune={comune} id="tutte" action={tryOut} label="Manda una prova" about="" />
        </Card>
      </div>
    </>
  )
}
