import { notFound } from 'next/navigation'
import { ServiceHero, ServiceSheet } from '#components/public/service-sheet.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { currentViewer } from '#lib/auth/session.ts'
import type { Viewer } from '#lib/auth/viewer.ts'
import { municipalityBySlug, publicService } from '#lib/municipalities/queries.ts'

type Props = { params: Promise<{ comune: string }> }

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
  const service = await publicService(municipality)
  if (!service)
    return (
      <div className="container-page py-10">
        <h1 className="mb-6 text-3xl sm:text-4xl">Mensa scolastica di {municipality.name}</h1>
        <EmptyState icon="utensils-crossed" title="Il servizio di mensa non è attivo">
          <p>Quando il Comune lo attiverà, qui troverai prezzi, giorni e modo di accedere.</p>
        </EmptyState>
      </div>
    )
  return (
    <>
      <ServiceHero municipality={municipality} service={service} enter={wayIn(comune, viewer)} />
      <ServiceSheet municipality={municipality} service={service} />
    </>
  )
}
