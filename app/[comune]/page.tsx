import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { FrontSection, UrgentStrip } from '#components/public/front.tsx'
import { JsonLd } from '#components/public/json-ld.tsx'
import { HowItWorks, ServiceHero } from '#components/public/service-sheet.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { currentViewer } from '#lib/auth/session.ts'
import type { Viewer } from '#lib/auth/viewer.ts'
import { publicFront } from '#lib/content/queries.ts'
import { env } from '#lib/env.ts'
import { canteenService } from '#lib/json-ld.ts'
import { municipalityBySlug, publicService } from '#lib/municipalities/queries.ts'
import { nonceIn } from '#lib/security-headers.ts'

type Props = { params: Promise<{ comune: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { comune } = await params
  const description =
    'Disdette dei pasti, pagamenti, notizie e documenti della mensa scolastica, con accesso SPID o CIE.'
  return {
    description,
    alternates: { canonical: `/${comune}` },
    openGraph: { description, url: `/${comune}` },
  }
}

/** The way in: to sign-in, or straight to one's own first page. */
function wayIn(comune: string, viewer: Viewer | null) {
  if (!viewer) return { href: `/${comune}/accesso`, label: 'Accedi ai servizi', hint: 'Con SPID o CIE' }
  const hint = `Hai effettuato l’accesso come ${viewer.name}`
  return viewer.memberships.length > 0
    ? { href: `/${comune}/oggi`, label: 'Vai ai tuoi pasti', hint }
    : { href: `/admin/${comune}`, label: 'Vai all’area del gestore', hint }
}

export default async function MunicipalityHome({ params }: Props) {
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
        title="Notizie"
        all={{ href: `/${comune}/notizie`, label: 'Tutte le notizie' }}
        items={front.news}
      />
      <FrontSection
        comune={comune}
        id="documenti"
        title="Documenti in evidenza"
        all={{ href: `/${comune}/documenti`, label: 'Tutti i documenti' }}
        items={front.documents}
      />
    </>
  )
  if (!service)
    return (
      <>
        <UrgentStrip comune={comune} items={front.urgent} />
        <div className="container-page py-10">
          <h1 className="mb-6 text-3xl sm:text-4xl">Mensa scolastica di {municipality.name}</h1>
          <EmptyState icon="utensils-crossed" title="Il servizio di mensa non è attivo">
            <p>Quando il Comune lo attiverà, qui troverai prezzi, giorni e modo di accedere.</p>
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
      <ServiceHero municipality={municipality} service={service} enter={wayIn(comune, viewer)} />
      <div className="pb-14">
        {news}
        <HowItWorks comune={comune} />
      </div>
    </>
  )
}
