import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ActForm } from '#components/devices/act-form.tsx'
import { DeliveryCountsTable } from '#components/notifications/delivery-counts.tsx'
import { RefusedTable } from '#components/notifications/refused-table.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { isUuid } from '#lib/kernel/uuid.ts'
import { deliveryBatch } from '#lib/outbox/office/delivery-batch.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { retry } from '../actions.ts'

export const metadata: Metadata = { title: 'Invio' }

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

export default async function OneSending({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, { rispediti }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const found = isUuid(id) ? await deliveryBatch(viewer, id) : null
  if (!found) notFound()
  const { batch, refused } = found
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Invii', href: `/admin/${municipalitySlug}/invii` },
          { label: batch.title ?? batch.label },
        ]}
      />
      <PageHeading
        eyebrow={batch.title ? batch.label : 'Messaggi a persone singole'}
        title={batch.title ?? batch.label}
        lead={dated`Dal ${instantInWords(batch.at)}`}
        actions={<PrintButton />}
      />
      <div className="grid gap-6">
        {rispediti !== undefined && (
          <Notice kind="success" live>
            <p>Rimessi in coda: partono fra poco.</p>
          </Notice>
        )}
        <Card title="A che punto è" titleId="stato">
          <DeliveryCountsTable batch={batch} />
        </Card>
        <Card title="Non consegnati" titleId="non-consegnati" flush={refused.length > 0}>
          {refused.length > 0 ? (
            <RefusedTable lines={refused} />
          ) : (
            <p>Nessuno: tutto quello che è partito è stato preso in consegna.</p>
          )}
        </Card>
        {batch.retriable > 0 && (
          <Card title="Rispedire" titleId="rispedire">
            <p className="mb-4">
              {batch.retriable === 1
                ? 'Un’e-mail di sicuro non è arrivata'
                : `${batch.retriable} e-mail di sicuro non sono arrivate`}
              . Partono di nuovo, all’indirizzo che ciascuno ha adesso. Quelle in dubbio non si ripetono.
            </p>
            <ActForm
              municipalitySlug={municipalitySlug}
              id={batch.id}
              action={retry}
              label="Rispedisci"
              about="le e-mail non arrivate"
            />
          </Card>
        )}
      </div>
    </>
  )
}
