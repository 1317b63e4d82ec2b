import { EmptyState } from '#components/ui/empty-state.tsx'
import { instantInWords } from '#lib/day.ts'

type Item = { id: string; title: string; body: string; publishedAt: Date }

/** The office's messages, newest first; each opens on its own text. */
export function CommunicationList({ communications }: { communications: Item[] }) {
  if (communications.length === 0)
    return (
      <EmptyState icon="mail" title="Nessuna comunicazione">
        <p>Qui troverai gli avvisi sulla mensa: scioperi, chiusure, novità del servizio.</p>
      </EmptyState>
    )
  return (
    <ul className="grid gap-4">
      {communications.map((item) => (
        <li
          key={item.id}
          data-surface
          className="rounded-lg border border-line bg-white p-5 shadow-low sm:p-6"
        >
          <p className="text-sm text-muted">{instantInWords(item.publishedAt)}</p>
          <h2 className="mt-1 text-xl">{item.title}</h2>
          <p className="mt-2 max-w-3xl whitespace-pre-line">{item.body}</p>
        </li>
      ))}
    </ul>
  )
}
