import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { BandTable } from '#components/office/tariffs/band-table.tsx'
import { TARIFF_DONE } from '#components/office/tariffs/done-words.ts'
import { PriceTable } from '#components/office/tariffs/price-table.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { officeTariffs } from '#lib/tariffs/office/tariff.queries.ts'
import type { ServiceTariff } from '#lib/tariffs/office/tariff.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'
import { takePriceBack } from './actions.ts'

export const metadata: Metadata = { title: 'Tariffe' }

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

function Service({
  service,
  municipalitySlug,
  named,
}: {
  service: ServiceTariff
  municipalitySlug: string
  named: boolean
}) {
  const path = `/admin/${municipalitySlug}/tariffe/${service.code}`
  const whose = named ? ` · ${service.name}` : ''
  return (
    <div className="grid grid-cols-1 gap-8">
      <Card
        flush
        title={`Prezzo del pasto${whose}`}
        titleId={`prezzo-${service.code}`}
        aside={
          <ButtonLink href={`${path}/prezzo`} icon="plus" className="print:hidden">
            Nuovo prezzo
          </ButtonLink>
        }
      >
        {service.prices.length === 0 ? (
          <p className="px-4 pb-6 sm:px-6">
            Non c’è ancora un prezzo: finché manca, i giorni di mensa non si chiudono e nessuno può
            ricaricare.
          </p>
        ) : (
          <PriceTable
            caption={`Prezzi del pasto${whose}`}
            lines={service.prices}
            hidden={{ municipalitySlug, serviceId: service.id, bandCode: '' }}
            cancel={takePriceBack}
          />
        )}
      </Card>
      <Card
        flush
        title={`Fasce di prezzo${whose}`}
        titleId={`fasce-${service.code}`}
        aside={
          <div className="flex flex-wrap gap-3 print:hidden">
            <ButtonLink href={`${path}/alunni`} look="secondary" icon="users">
              Fasce degli alunni
            </ButtonLink>
            {service.bands.some(({ isOpen }) => isOpen) && (
              <ButtonLink href={`${path}/regola`} look="secondary" icon="users">
                Fascia per regola
              </ButtonLink>
            )}
            <ButtonLink href={`${path}/fasce/nuova`} look="secondary" icon="plus">
              Nuova fascia
            </ButtonLink>
          </div>
        }
      >
        {service.bands.length === 0 ? (
          <p className="px-4 pb-6 sm:px-6">Nessuna fascia: tutti pagano il prezzo intero.</p>
        ) : (
          <BandTable caption={`Fasce di prezzo${whose}`} bands={service.bands} path={path} />
        )}
      </Card>
    </div>
  )
}

/** What a meal costs, since when and for whom. Printed, it is the price list. */
export default async function Tariffs({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const [services, municipality] = await Promise.all([
    officeTariffs(viewer),
    municipalityBySlug(municipalitySlug),
  ])
  if (!services || !municipality) notFound()
  const [first] = services
  return (
    <>
      <Done sentences={TARIFF_DONE} code={fatto} />
      <PageHeading
        title="Tariffe"
        lead="Quanto costa un pasto, da quando e per chi. Un prezzo cominciato non cambia più: se ne decide uno nuovo."
        actions={<PrintButton />}
      />
      {first ? (
        <div className="grid grid-cols-1 gap-12">
          {services.map((service) => (
            <Service
              key={service.id}
              service={service}
              municipalitySlug={municipalitySlug}
              named={services.length > 1}
            />
          ))}
          <p className="hidden text-sm print:block">
            Listino della mensa di {municipality.name} {dated`al ${longDate(first.today)}`}.
          </p>
        </div>
      ) : (
        <EmptyState icon="euro" title="Nessun servizio attivo">
          <p>Le tariffe compaiono quando il Comune ha un servizio.</p>
        </EmptyState>
      )}
    </>
  )
}
