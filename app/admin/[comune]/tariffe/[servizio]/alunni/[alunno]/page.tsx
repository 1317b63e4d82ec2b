import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { TARIFF_DONE } from '#components/office/tariffs/done-words.ts'
import { FareHistory } from '#components/office/tariffs/fare-history.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { requireViewer } from '#lib/session/session.request.ts'
import { fareFields } from '#lib/tariffs/office/tariff.fields.ts'
import { pupilTariff } from '#lib/tariffs/office/tariff.queries.ts'
import type { PriceStep } from '#lib/tariffs/price.ts'
import { capitalised, fromDay, priceInWords } from '#lib/tariffs/price.words.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { decideFare } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Prezzo di un alunno' }

type Props = {
  params: Promise<{ comune: string; servizio: string; alunno: string }>
  searchParams: Promise<SearchParams>
}

const inWords = ({ cents, bandCode, from }: PriceStep): string =>
  `${fromDay(from)} ${priceInWords(cents)}${bandCode ? ` (fascia ${bandCode})` : ', prezzo intero'}`

/** One pupil: what a meal costs, since when, and the bands before and after. */
export default async function PupilPrice({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, servizio, alunno }, { fatto }] = await Promise.all([
    params,
    searchParams,
  ])
  const found = await pupilTariff(await requireViewer(municipalitySlug), servizio, alunno)
  if (!found) notFound()
  const { service, pupil, price, facts, fares } = found
  const path = `/admin/${municipalitySlug}/tariffe`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Tariffe', href: path },
          { label: 'Fasce degli alunni', href: `${path}/${service.code}/alunni` },
          { label: pupil.name },
        ]}
      />
      <Done sentences={TARIFF_DONE} code={fatto} />
      <PageHeading eyebrow={pupil.className} title={pupil.name} />
      <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-2">
        <div className="grid grid-cols-1 gap-8">
          <Card title="Quanto paga" titleId="prezzo">
            {price ? (
              <>
                <p className="text-lg font-semibold text-ink">{capitalised(inWords(price.now))}.</p>
                {price.next && <p className="mt-2">Poi, {inWords(price.next)}.</p>}
              </>
            ) : (
              <p>Oggi il servizio non ha un prezzo.</p>
            )}
          </Card>
          <Card title="Fasce avute" titleId="storia">
            <FareHistory lines={fares} />
          </Card>
        </div>
        <Card title="Cambia fascia" titleId="cambia" className="print:hidden">
          <PreviewForm
            action={decideFare}
            hidden={{ municipalitySlug, serviceId: service.id, pupilId: pupil.id }}
            fields={fareFields(
              facts.bands.map(({ code, name, priceCents }) => ({
                value: code,
                label: `${code} · ${name}${priceCents === null ? '' : ` · ${priceInWords(priceCents)}`}`,
              })),
              facts,
            )}
            label="Mostra che cosa succederà"
            confirm="Conferma"
          />
        </Card>
      </div>
    </>
  )
}
