import { Icon } from '#components/ui/icon.tsx'
import { type ContentKind, type ContentState, categoryInWords, KINDS } from '#lib/content/content.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { ContentStateChip } from './content-state.tsx'

export type ContentLine = {
  id: string
  kind: ContentKind
  title: string
  category: string
  urgent: boolean
  state: ContentState
  pending: 'none' | 'changes' | 'review'
  publishAt: Date | null
  expireAt: Date | null
  author: string
  savedAt: Date
}

const PENDING = { changes: 'Modifiche non pubblicate', review: 'Modifiche in revisione' } as const

function datesOf({ state, publishAt, expireAt }: ContentLine): string {
  const parts = [
    state === 'scheduled' && publishAt ? `Dal ${instantInWords(publishAt)}` : '',
    expireAt && state !== 'withdrawn'
      ? `${state === 'expired' ? 'Fino al' : 'Scade il'} ${instantInWords(expireAt)}`
      : '',
  ]
  return parts.filter(Boolean).join(' · ')
}

/** The editors' list: what each is, its state, who touched it last. */
export function ContentTable({
  municipalitySlug,
  lines,
}: {
  municipalitySlug: string
  lines: readonly ContentLine[]
}) {
  return (
    <ul data-surface className="divide-y divide-line rounded-lg border border-line bg-white shadow-low">
      {lines.map((line) => (
        <li key={line.id} className="relative grid gap-1 p-4 hover:bg-canvas sm:grid-cols-[1fr_auto] sm:px-6">
          <div className="min-w-0">
            <a
              href={`/admin/${municipalitySlug}/${KINDS[line.kind].path}/${line.id}`}
              className="stretched text-lg font-semibold text-ink no-underline hover:underline"
            >
              {line.title}
            </a>
            <p className="text-sm text-muted">
              {line.urgent && 'Urgente · '}
              {categoryInWords(line.kind, line.category)} · {line.author}, {instantInWords(line.savedAt)}
            </p>
            {datesOf(line) && <p className="text-sm text-ink">{datesOf(line)}</p>}
          </div>
          <div className="flex flex-wrap items-center gap-2 sm:justify-end">
            {line.pending !== 'none' && (
              <span className="inline-flex items-center gap-1 text-sm font-semibold text-warning">
                <Icon name="pencil" size="sm" /> {PENDING[line.pending]}
              </span>
            )}
            <ContentStateChip kind={line.kind} state={line.state} />
          </div>
        </li>
      ))}
    </ul>
  )
}
