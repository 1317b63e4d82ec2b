import { EmptyState } from '#components/ui/empty-state.tsx'
import type { DeliveryBatch } from '#lib/outbox/office/delivery-batch.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { SendingCountsTable } from './sending-counts.tsx'

/** What was sent, newest first: the title of what went to many, the kind of what went to single persons. */
export function SendingList({
  municipalitySlug,
  sendings,
}: {
  municipalitySlug: string
  sendings: readonly DeliveryBatch[]
}) {
  if (sendings.length === 0)
    return (
      <EmptyState icon="send" title="Ancora nessun invio">
        <p>Qui vedi quanti messaggi sono partiti, quanti aspettano e quali non sono arrivati.</p>
      </EmptyState>
    )
  return (
    <ul data-surface className="divide-y divide-line rounded-lg border border-line bg-white shadow-low">
      {sendings.map((sending) => (
        <li
          key={sending.id}
          className="relative grid gap-3 p-4 hover:bg-canvas sm:px-6 lg:grid-cols-[2fr_3fr]"
        >
          <div className="min-w-0">
            <h2 className="text-lg">
              <a
                href={`/admin/${municipalitySlug}/invii/${sending.id}`}
                className="stretched text-ink no-underline hover:underline"
              >
                {sending.title ?? sending.label}
              </a>
            </h2>
            <p className="text-sm text-muted">
              {sending.title ? `${sending.label}, ` : 'Messaggi a persone singole, dal '}
              {instantInWords(sending.at)}
            </p>
          </div>
          <SendingCountsTable sending={sending} />
        </li>
      ))}
    </ul>
  )
}
