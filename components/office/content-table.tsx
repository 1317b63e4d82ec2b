import { Icon } from '#components/ui/icon.tsx'
import { CONTENT_KINDS, type ContentKind, categoryInWords } from '#lib/content/content.ts'
import type { PublicationState } from '#lib/publishing/lifecycle.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { PublicationChip } from './publication-chip.tsx'

export type ContentLine = {
  id: string
  kind: ContentKind
  title: string
  category: string
  urgent: boolean
  state: PublicationState
  pending: 'none' | 'changes' | 'submitted'
  opensAt: Date | null
  closesAt: Date | null
  author: string
  savedAt: Date
}

const PENDING = { changes: 'Modifiche non pubblicate', submitted: 'Modifiche in revisione' } as const

function datesOf({ state, opensAt, closesAt }: ContentLine): string {
  const parts = [
    state === 'scheduled' && opensAt ? dated`Dal ${instantInWords(opensAt)}` : '',
    closesAt && state !== 'withdrawn'
      ? `${state === 'expired' ? 'Fino al' : 'Scade il'} ${instantInWords(closesAt)}`
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
              href={`/admin/${municipalitySlug}/${CONTENT_KINDS[line.kind].path}/${line.id}`}
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
            <PublicationChip kind={line.kind} state={line.state} />
          </div>
        </li>
      ))}
    </ul>
  )
}
