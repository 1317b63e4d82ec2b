import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ActForm } from '#components/devices/act-form.tsx'
import { ChoicesForm } from '#components/notifications/choices-form.tsx'
import { PushDevices } from '#components/notifications/push-devices.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { type ChoicesView, GROUPS, isWanted } from '#lib/notifications/choices.ts'
import { choicesOf } from '#lib/notifications/notification.queries.ts'
import { ruleOf } from '#lib/notifications/notification.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { doneInWords } from '#lib/words/done.ts'
import { fill } from '#lib/words/fill.ts'
import { type Phrase, phrase, type Words } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { remove, save, subscribe, tryOut } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Scelte delle notifiche') }
}

const DONE: Readonly<Record<string, Phrase>> = {
  scelte: phrase('Scelte salvate.'),
  attivo: phrase('Fatto: da ora le notifiche arrivano anche su questo dispositivo. Prova se funziona.'),
  tolto: phrase('Fatto: a quel dispositivo non arriva più niente.'),
  prova: phrase('Prova mandata: guarda se ti è arrivata. Per un’e-mail può servire qualche minuto.'),
}

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

/** Only plain values travel to the browser: labels and boxes, in groups, for this person. */
const groupsOf = ({ events, stored }: ChoicesView, t: Words) =>
  GROUPS.map(({ title, events: all }) => ({
    title: t(title),
    lines: all
      .filter((event) => events.includes(event))
      .map((event) => {
        const { label, explains, mail } = ruleOf(event)
        return {
          event,
          label: t(label),
          explains: t(explains),
          email: isWanted(stored, event, 'email'),
          push: isWanted(stored, event, 'push'),
          isMailFixed: mail === 'always',
        }
      }),
  })).filter(({ lines }) => lines.length > 0)

function Address({ municipalitySlug, view, t }: { municipalitySlug: string; view: ChoicesView; t: Words }) {
  const nodes = {
    profile: (
      <a key="profile" href={`/${municipalitySlug}/profilo`}>
        {t('profilo')}
      </a>
    ),
    email: (
      <strong key="email" className="font-semibold break-all">
        {view.email}
      </strong>
    ),
  }
  if (!view.email)
    return (
      <Notice kind="warning" title={t('Non abbiamo la tua e-mail')}>
        <p>
          {fill(t('Scrivila nel tuo {profile}: senza, le notifiche le trovi solo qui nel portale.'), nodes)}
        </p>
      </Notice>
    )
  if (view.isEmailRefused)
    return (
      <Notice kind="warning" title={t('La tua e-mail non riceve')}>
        <p>{fill(t('I messaggi a {email} tornano indietro. Cambiala nel tuo {profile}.'), nodes)}</p>
      </Notice>
    )
  return <p>{fill(t('Le e-mail vanno a {email}. Puoi cambiarla nel tuo {profile}.'), nodes)}</p>
}

export default async function NotificationChoices({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  // On which devices a person is reached is no colleague's who looks as the family.
  const view = viewer.look ? null : await choicesOf(viewer)
  if (!view) notFound()
  const t = await readWords()
  const done = doneInWords(DONE, fatto)
  const { isQuiet, quietFrom, quietTo, lowBalanceMeals } = view.stored
  return (
    <>
      <Breadcrumb
        items={[{ label: t('Notifiche'), href: `/${municipalitySlug}/notifiche` }, { label: t('Scelte') }]}
      />
      <PageHeading
        title={t('Che cosa ti arriva')}
        lead={t(
          'Nel portale trovi sempre tutto. Qui scegli che cosa ricevere anche per e-mail e sul telefono.',
        )}
      />
      <div className="grid gap-6">
        {done && (
          <Notice kind="success" live>
            <p>{t(done)}</p>
          </Notice>
        )}
        <Address municipalitySlug={municipalitySlug} view={view} t={t} />
        <ChoicesForm
          municipalitySlug={municipalitySlug}
          action={save}
          groups={groupsOf(view, t)}
          quiet={{ isQuiet, from: quietFrom, to: quietTo }}
          threshold={view.isHolder ? lowBalanceMeals : null}
        />
        <Card title={t('Su questo e su altri dispositivi')} titleId="dispositivi">
          <PushDevices
            municipalitySlug={municipalitySlug}
            pushKey={view.pushKey}
            devices={view.devices}
            subscribe={subscribe}
            remove={remove}
          />
        </Card>
        <Card title={t('Prova')} titleId="prova">
          <p className="mb-4">
            {t(
              'Ti mandiamo subito un messaggio vero, per e-mail e sui dispositivi qui sopra: così sai se funziona.',
            )}
          </p>
          <ActForm
            municipalitySlug={municipalitySlug}
            id="tutte"
            action={tryOut}
            label={t('Manda una prova')}
            about=""
          />
        </Card>
      </div>
    </>
  )
}
