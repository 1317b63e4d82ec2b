import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { QueueView } from '#components/office/forms/queue-view.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { batchesInHand } from '#lib/forms/office/batch.queries.ts'
import { queueOf } from '#lib/forms/office/submission.queries.ts'
import { DAYS_TO_ANSWER } from '#lib/forms/submission.ts'
import { addDays } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { prepareAcceptance, prepareAsking } from '../../domande/actions.ts'

export const metadata: Metadata = { title: 'Domande arrivate' }

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

/** The submissions of a form, those that wait longest first. */
export default async function Requests({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, typed] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  if (!isUuid(id)) notFound()
  const [queue, batches] = await Promise.all([queueOf(viewer, typed, id), batchesInHand(viewer)])
  if (!queue || !batches) notFound()
  const title = queue.forms.find((form) => form.id === id)?.title || 'Modulo'
  const base = `/admin/${municipalitySlug}/moduli/${id}`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Moduli e domande', href: `/admin/${municipalitySlug}/moduli` },
          { label: title, href: base },
          { label: 'Domande arrivate' },
        ]}
      />
      <PageHeading
        eyebrow={title}
        title="Domande arrivate"
        lead={`${queue.all} in tutto. Ogni lettura resta nel registro, e la famiglia la vede.`}
        actions={
          <>
            <ButtonLink look="secondary" icon="download" href={`${base}/domande/csv`}>
              Scarica per Excel (CSV)
            </ButtonLink>
            <ButtonLink look="quiet" icon="pencil" href={base}>
              Il modulo
            </ButtonLink>
          </>
        }
      />
      <QueueView
        municipalitySlug={municipalitySlug}
        formId={id}
        queue={queue}
        batches={batches}
        dueOn={addDays(queue.tomorrow, DAYS_TO_ANSWER - 1)}
        accept={prepareAcceptance}
        ask={prepareAsking}
      />
    </>
  )
}
