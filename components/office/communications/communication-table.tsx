import { PublicationChip } from '#components/office/publication-chip.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { COMMUNICATION_KINDS, type CommunicationKind } from '#lib/communications/communication.ts'
import type { PublicationState } from '#lib/publishing/lifecycle.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { figuresInWords, type ShownFigures } from './figures.ts'

export type ListedCommunication = {
  id: string
  title: string
  kind: CommunicationKind
  about: 'service' | 'money'
  state: PublicationState
  pending: 'none' | 'changes' | 'submitted'
  author: string | null
  savedAt: Date
  publishedAt: Date | null
  dueAt: Date | null
  figures: ShownFigures | null
}

const PENDING = { changes: 'Correzione in bozza', submitted: 'Correzione da approvare' } as const

function whenOf({ author, savedAt, publishedAt, dueAt }: ListedCommunication): string {
  if (publishedAt) return dated`uscita il ${instantInWords(publishedAt)}`
  if (dueAt) return dated`esce il ${instantInWords(dueAt)}`
  return [author, instantInWords(savedAt)].filter(Boolean).join(', ')
}

/** How far it has come, on one line. */
function Figures({ figures }: { figures: ShownFigures }) {
  return (
    <dl className="mt-1 flex flex-wrap gap-x-6 gap-y-1 text-sm">
      {figuresInWords(figures).map(({ term, value }) => (
        <div key={term} className="flex gap-1.5">
          <dt className="text-muted">{term}</dt>
          <dd className="font-semibold text-ink">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The office's list: what each communication is, where it stands, how many have read it. */
export function CommunicationTable({
  municipalitySlug,
  lines,
}: {
  municipalitySlug: string
  lines: readonly ListedCommunication[]
}) {
  return (
    <ul data-surface className="divide-y divide-line rounded-lg border border-line bg-white shadow-low">
      {lines.map((line) => (
        <li key={line.id} className="relative grid gap-2 p-4 hover:bg-canvas sm:grid-cols-[1fr_auto] sm:px-6">
          <div className="min-w-0">
            <a
              href={`/admin/${municipalitySlug}/comunicazioni/${line.id}`}
              className="stretched text-lg font-semibold text-ink no-underline hover:underline"
            >
              {line.title}
            </a>
            <p className="text-sm text-muted">
              {COMMUNICATION_KINDS[line.kind].one}
              {line.about === 'money' && ' sui pagamenti'} · {whenOf(line)}
            </p>
            {line.figures && <Figures figures={line.figures} />}
          </div>
          <div className="flex flex-wrap items-center gap-2 sm:justify-end">
            {line.pending !== 'none' && (
              <span className="inline-flex items-center gap-1 text-sm font-semibold text-warning">
                <Icon name="pencil" size="sm" /> {PENDING[line.pending]}
              </span>
            )}
            <PublicationChip kind="communication" state={line.state} />
          </div>
        </li>
      ))}
    </ul>
  )
}
