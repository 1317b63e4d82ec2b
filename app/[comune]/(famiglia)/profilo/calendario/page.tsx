import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { EndForm } from '#components/delegates/end-form.tsx'
import { FeedForm } from '#components/feeds/feed-form.tsx'
import { FeedSteps } from '#components/feeds/feed-steps.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { type ChildFeed, childFeeds } from '#lib/feeds/feed.queries.ts'
import { ALARMS, alarmTime, USUAL_ALARM } from '#lib/feeds/feed.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { dropFeed, makeFeed } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readWords())('Calendario sul telefono') }
}

function ChildCalendar({
  municipalitySlug,
  child,
  t,
}: {
  municipalitySlug: string
  child: ChildFeed
  t: Words
}) {
  const { feed, givenName, pupilId } = child
  return (
    <Card title={givenName} titleId={`calendario-${pupilId}`}>
      <div className="grid gap-5">
        {feed && (
          <p>
            {t('Hai un indirizzo attivo, creato il {when}.', {
              when: instantInWords(feed.createdAt, t),
            })}{' '}
            {t(
              'Se l’hai perso o l’ha visto qualcun altro creane uno nuovo: il vecchio smette di funzionare.',
            )}
          </p>
        )}
        <FeedForm
          municipalitySlug={municipalitySlug}
          pupilId={pupilId}
          alarms={ALARMS.map((minutes) => ({ minutes, time: alarmTime(child.cutoffTime, minutes) }))}
          chosen={String(feed ? (feed.alarmMinutes ?? 0) : USUAL_ALARM)}
          renew={feed !== null}
          action={makeFeed}
        />
        {feed && (
          <EndForm
            municipalitySlug={municipalitySlug}
            field={{ name: 'pupilId', value: pupilId }}
            ask={t('Revoca l’indirizzo')}
            consequence={t(
              'I calendari che lo usano non si aggiornano più. I giorni già scaricati restano finché non li togli.',
            )}
            confirm={t('Revoca')}
            done={t('Indirizzo revocato')}
            action={dropFeed}
          />
        )}
      </div>
    </Card>
  )
}

export default async function PhoneCalendar({ params }: { params: Promise<{ comune: string }> }) {
  const [{ comune: municipalitySlug }, t] = await Promise.all([params, readWords()])
  const viewer = await requireViewer(municipalitySlug)
  const children = await childFeeds(viewer)
  if (!children) notFound()
  return (
    <>
      <Breadcrumb
        items={[
          { label: t('Profilo'), href: `/${municipalitySlug}/profilo` },
          { label: t('Calendario sul telefono') },
        ]}
      />
      <PageHeading
        title={t('Calendario sul telefono')}
        lead={t(
          'I giorni di mensa, le assenze e il menù di ogni figlio nel calendario che usi già, con un avviso prima del termine. Niente diete e niente soldi.',
        )}
      />
      <div className="grid gap-8 *:min-w-0">
        {children.length === 0 && <p>{t('Nessun alunno iscritto alla mensa.')}</p>}
        {children.map((child) => (
          <ChildCalendar key={child.pupilId} municipalitySlug={municipalitySlug} child={child} t={t} />
        ))}
        <section aria-labelledby="come">
          <h2 id="come" className="mb-2 text-2xl">
            {t('Come si aggiunge')}
          </h2>
          <FeedSteps />
          <p className="mt-4 max-w-3xl text-muted">
            {t('Il calendario del telefono può essere in ritardo. Per disdire fa fede solo il portale.')}
          </p>
        </section>
      </div>
    </>
  )
}
