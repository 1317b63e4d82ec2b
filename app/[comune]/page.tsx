import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { FrontSection, UrgentStrip } from '#components/public/front.tsx'
import { JsonLd } from '#components/public/json-ld.tsx'
import { HowItWorks, ServiceHero } from '#components/public/service-sheet.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import type { Viewer } from '#lib/access/viewer.ts'
import { publicFront } from '#lib/content/content.queries.ts'
import { env } from '#lib/kernel/env.ts'
import { canteenService } from '#lib/school/json-ld.ts'
import { municipalityBySlug, publicService } from '#lib/school/municipality.queries.ts'
import { currentViewer } from '#lib/session/session.request.ts'
import { nonceIn } from '#lib/web/security-headers.ts'
import type { Words } from '#lib/words/language.ts'
import { words } from '#lib/words/words.request.ts'

type Props = { params: Promise<{ comune: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await words()
  const { comune } = await params
  const description = t(
    'Disdette dei pasti, pagamenti, notizie e documenti della mensa scolastica, con accesso SPID o CIE.',
  )
  return {
    description,
    alternates: { canonical: `/${comune}` },
    openGraph: { description, url: `/${comune}` },
  }
}

/** The way in: to sign-in, or straight to one's own first page. */
function wayIn(t: Words, comune: string, viewer: Viewer | null) {
  if (!viewer) return { href: `/${comune}/accesso`, label: t('Accedi ai servizi'), hint: t('Con SPID o CIE') }
  const hint = t('Hai effettuato l’accesso come {name}', { name: viewer.name })
  return viewer.memberships.length > 0
    ? { href: `/${comune}/oggi`, label: t('Vai ai tuoi pasti'), hint }
    : { href: `/admin/${comune}`, label: t('Vai all’area del gestore'), hint }
}

export default async function MunicipalityHome({ params }: Props) {
  const t = await words()
  const { comune } = await params
  const [municipality, viewer] = await Promise.all([municipalityBySlug(comune), currentViewer(comune)])
  if (!municipality) notFound()
  const [service, front, sent] = await Promise.all([
    publicService(municipality),
    publicFront(municipality),
    headers(),
  ])
  const news = (
    <>
      <FrontSection
        comune={comune}
        id="notizie"
        title={t('Notizie')}
        all={{ href: `/${comune}/notizie`, label: t('Tutte le notizie') }}
        items={front.news}
      />
      <FrontSection
        comune={comune}
        id="documenti"
        title={t('Documenti in evidenza')}
        all={{ href: `/${comune}/documenti`, label: t('Tutti i documenti') }}
        items={front.documents}
      />
    </>
  )
  if (!service)
    return (
      <>
        <UrgentStrip comune={comune} items={front.urgent} />
        <div className="container-page py-10">
          <h1 className="mb-6 text-3xl sm:text-4xl">
            {t('Mensa scolastica di {name}', { name: municipality.name })}
          </h1>
          <EmptyState icon="utensils-crossed" title={t('Il servizio di mensa non è attivo')}>
            <p>{t('Quando il Comune lo attiverà, qui troverai prezzi, giorni e modo di accedere.')}</p>
          </EmptyState>
        </div>
        <div className="pb-14">{news}</div>
      </>
    )
  return (
    <>
      <JsonLd
        nonce={nonceIn(sent.get('content-security-policy'))}
        data={canteenService(municipality, service, env().PUBLIC_ORIGIN)}
      />
      <UrgentStrip comune={comune} items={front.urgent} />
      <ServiceHero municipality={municipality} service={service} enter={wayIn(t, comune, viewer)} />
      <div className="pb-14">
        {news}
        <HowItWorks comune={comune} />
      </div>
    </>
  )
}
