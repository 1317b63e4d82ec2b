import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { TARIFF_DONE } from '#components/office/tariffs/done-words.ts'
import { PriceTable } from '#components/office/tariffs/price-table.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { requireViewer } from '#lib/session/session.request.ts'
import { bandFields, priceFields } from '#lib/tariffs/office/tariff.fields.ts'
import { serviceTariff } from '#lib/tariffs/office/tariff.queries.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { decidePrice, openOrCloseBand, renameBand, takePriceBack } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Fascia di prezzo' }

type Props = {
  params: Promise<{ comune: string; servizio: string; fascia: string }>
  searchParams: Promise<SearchParams>
}

/** One band: its prices, its words, and whether a new pupil may get it. */
export default async function Band({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, servizio, fascia }, { fatto }] = await Promise.all([
    params,
    searchParams,
  ])
  const service = await serviceTariff(await requireViewer(municipalitySlug), servizio)
  const band = service?.bands.find(({ code }) => code === fascia)
  if (!service || !band) notFound()
  const path = `/admin/${municipalitySlug}/tariffe/${service.code}`
  const hidden = { municipalitySlug, serviceId: service.id }
  const own = { ...hidden, code: band.code, revision: service.revision }
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Tariffe', href: `/admin/${municipalitySlug}/tariffe` },
          { label: `Fascia ${band.code}` },
        ]}
      />
      <Done sentences={TARIFF_DONE} code={fatto} />
      <PageHeading
        eyebrow={`Fascia ${band.code}`}
        title={band.name}
        lead={band.description || undefined}
        actions={
          <ButtonLink href={`${path}/alunni?fascia=${band.code}`} look="secondary" icon="users">
            {band.pupils === 1 ? '1 alunno oggi' : `${band.pupils} alunni oggi`}
          </ButtonLink>
        }
      />
      {!band.isOpen && (
        <p className="mb-6">
          <StatusChip tone="neutral" icon="lock">
            Chiusa a nuovi alunni
          </StatusChip>
        </p>
      )}
      <div className="grid grid-cols-1 gap-8">
        <Card flush title="Prezzi" titleId="prezzi">
          <PriceTable
            caption={`Prezzi della fascia ${band.code}`}
            lines={band.prices}
            hidden={{ ...hidden, bandCode: band.code }}
            cancel={takePriceBack}
          />
        </Card>
        <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-2 print:hidden">
          <Card title="Nuovo prezzo" titleId="nuovo-prezzo">
            <PreviewForm
              action={decidePrice}
              hidden={{ ...hidden, bandCode: band.code }}
              fields={priceFields(service.firstDay)}
              label="Mostra che cosa succederà"
              confirm="Conferma il prezzo"
            />
          </Card>
          <div className="grid grid-cols-1 gap-8">
            <Card title="Nome e descrizione" titleId="parole">
              <PreviewForm
                action={renameBand}
                hidden={{ ...hidden, code: band.code }}
                changes={{ revision: service.revision, here: `${path}/fasce/${band.code}` }}
                fields={bandFields(band)}
                label="Salva"
                look="secondary"
              />
            </Card>
            <Card title={band.isOpen ? 'Chiudi la fascia' : 'Riapri la fascia'} titleId="chiusura">
              <PreviewForm
                action={openOrCloseBand}
                hidden={{ ...own, close: band.isOpen ? 'si' : 'no' }}
                fields={[]}
                label={band.isOpen ? 'Chiudi a nuovi alunni' : 'Riapri a nuovi alunni'}
                look="secondary"
                icon="lock"
              >
                <p>
                  {band.isOpen
                    ? 'Chi ha già la fascia la tiene fino alla scadenza. Nessun altro può averla.'
                    : 'La fascia torna tra quelle che si possono dare.'}
                </p>
              </PreviewForm>
            </Card>
          </div>
        </div>
      </div>
    </>
  )
}
