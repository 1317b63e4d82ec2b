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
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { prepareAcceptance, prepareAsking } from './actions.ts'

export const metadata: Metadata = { title: 'Tutte le domande' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

/** The requests of every form in one queue. */
export default async function WholeQueue({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, typed] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const [queue, batches] = await Promise.all([queueOf(viewer, typed), batchesInHand(viewer)])
  if (!queue || !batches) notFound()
  const base = `/admin/${municipalitySlug}/moduli`
  return (
    <>
      <Breadcrumb items={[{ label: 'Moduli e domande', href: base }, { label: 'Tutte le domande' }]} />
      <PageHeading
        title="Tutte le domande"
        lead="Le domande di tutti i moduli. Ogni lettura resta nel registro."
        actions={
          <ButtonLink look="secondary" icon="users" href={`${base}/posti`}>
            Classi e posti
          </ButtonLink>
        }
      />
      <QueueView
        municipalitySlug={municipalitySlug}
        formId=""
        queue={queue}
        batches={batches}
        dueOn={addDays(queue.tomorrow, DAYS_TO_ANSWER - 1)}
        accept={prepareAcceptance}
        ask={prepareAsking}
      />
    </>
  )
}
