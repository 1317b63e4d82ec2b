import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { requireViewer } from '#lib/session/session.request.ts'
import { FARE_RULES, RULE_WORDS } from '#lib/tariffs/office/fare-rule.ts'
import { fareRuleFields } from '#lib/tariffs/office/tariff.fields.ts'
import { serviceTariff } from '#lib/tariffs/office/tariff.queries.ts'
import { priceInWords } from '#lib/tariffs/price.words.ts'
import { decideRule } from '../../actions.ts'

export const metadata: Metadata = { title: 'Fascia per regola' }

type Props = { params: Promise<{ comune: string; servizio: string }> }

/** A band for all whom a rule means, with their names before anything is done. */
export default async function BandByRule({ params }: Props) {
  const { comune: municipalitySlug, servizio } = await params
  const service = await serviceTariff(await requireViewer(municipalitySlug), servizio)
  if (!service) notFound()
  const bands = service.bands
    .filter(({ isOpen }) => isOpen)
    .map(({ code, name, currentCents }) => ({
      value: code,
      label: `${code} · ${name}${currentCents === null ? '' : ` · ${priceInWords(currentCents)}`}`,
    }))
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Tariffe', href: `/admin/${municipalitySlug}/tariffe` },
          { label: 'Fascia per regola' },
        ]}
      />
      <PageHeading
        title="Fascia per regola"
        eyebrow={service.name}
        lead="Fratelli e famiglie di altri Comuni in una volta sola. Prima leggi a chi spetta, per nome; chi ha già una fascia la tiene."
      />
      {bands.length === 0 ? (
        <EmptyState icon="users" title="Non c’è una fascia da dare: creala in Tariffe" />
      ) : (
        <Card title="Chi, quale fascia, quando" titleId="regola">
          <PreviewForm
            action={decideRule}
            hidden={{ municipalitySlug, serviceId: service.id }}
            fields={fareRuleFields(
              FARE_RULES.map((value) => ({ value, label: RULE_WORDS[value] })),
              bands,
              service.firstDay,
            )}
            label="Mostra a chi spetta"
            confirm="Dai la fascia"
          />
        </Card>
      )}
    </>
  )
}
