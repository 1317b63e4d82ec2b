import { EmptyState } from '#components/ui/empty-state.tsx'
import type { DeliveryBatch } from '#lib/outbox/office/delivery-batch.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { DeliveryCountsTable } from './delivery-counts.tsx'

/** What was sent, newest first: the title of what went to many, the kind of what went to single persons. */
export function DeliveryBatchList({
  municipalitySlug,
  batches,
}: {
  municipalitySlug: string
  batches: readonly DeliveryBatch[]
}) {
  if (batches.length === 0)
    return (
      <EmptyState icon="send" title="Ancora nessun invio">
        <p>Qui vedi quanti messaggi sono partiti, quanti aspettano e quali non sono arrivati.</p>
      </EmptyState>
    )
  return (
    <ul data-surface className="divide-y divide-line rounded-lg border border-line bg-white shadow-low">
      {batches.map((batch) => (
        <li key={batch.id} className="relative grid gap-3 p-4 hover:bg-canvas sm:px-6 lg:grid-cols-[2fr_3fr]">
          <div className="min-w-0">
            <h2 className="text-lg">
              <a
                href={`/admin/${municipalitySlug}/invii/${batch.id}`}
                className="stretched text-ink no-underline hover:underline"
              >
                {batch.title ?? batch.label}
              </a>
            </h2>
            <p className="text-sm text-muted">
              {batch.title ? `${batch.label}, ` : 'Messaggi a persone singole, dal '}
              {instantInWords(batch.at)}
            </p>
          </div>
          <DeliveryCountsTable batch={batch} />
        </li>
      ))}
    </ul>
  )
}
