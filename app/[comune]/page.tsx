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
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { currentViewer } from '#lib/session/session.request.ts'
import { publicService } from '#lib/tariffs/public-service.queries.ts'
import { nonceIn } from '#lib/web/security-headers.ts'
import type { Words } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'

type Props = { params: Promise<{ comune: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const description = t(
    'Disdette dei pasti, pagamenti, notizie e documenti della mensa scolastica, con accesso SPID o CIE.',
  )
  return {
    description,
    alternates: { canonical: `/${municipalitySlug}` },
    openGraph: { description, url: `/${municipalitySlug}` },
  }
}

/** The way in: to sign-in, or straight to one's own first page. */
function wayIn(t: Words, municipalitySlug: string, viewer: Viewer | null) {
  if (!viewer)
    return { href: `/${municipalitySlug}/accesso`, label: t('Accedi ai servizi'), hint: t('Con SPID o CIE') }
  const hint = t('Hai effettuato l’accesso come {name}', { name: viewer.name })
  return viewer.memberships.length > 0
    ? { href: `/${municipalitySlug}/oggi`, label: t('Vai ai tuoi pasti'), hint }
    : { href: `/admin/${municipalitySlug}`, label: t('Vai all’area del gestore'), hint }
}

export default async function MunicipalityHome({ params }: Props) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const [municipality, viewer] = await Promise.all([
    municipalityBySlug(municipalitySlug),
    currentViewer(municipalitySlug),
  ])
  if (!municipality) notFound()
  const [service, front, sent] = await Promise.all([
    publicService(municipality),
    publicFront(municipality),
    headers(),
  ])
  const news = (
    <>
      <FrontSection
        municipalitySlug={municipalitySlug}
        id="notizie"
        title={t('Notizie')}
        all={{ href: `/${municipalitySlug}/notizie`, label: t('Tutte le notizie') }}
        items={front.news}
      />
      <FrontSection
        municipalitySlug={municipalitySlug}
        id="documenti"
        title={t('Documenti in evidenza')}
        all={{ href: `/${municipalitySlug}/documenti`, label: t('Tutti i documenti') }}
        items={front.documents}
      />
    </>
  )
  if (!service)
    return (
      <>
        <UrgentStrip municipalitySlug={municipalitySlug} items={front.urgent} />
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
      <UrgentStrip municipalitySlug={municipalitySlug} items={front.urgent} />
      <ServiceHero municipality={municipality} service={service} enter={wayIn(t, municipalitySlug, viewer)} />
      <div className="pb-14">
        {news}
        <HowItWorks municipalitySlug={municipalitySlug} />
      </div>
    </>
  )
}
