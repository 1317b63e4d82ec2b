import { PublicationChip } from '#components/office/publication-chip.tsx'
import type { PublicationState } from '#lib/publishing/lifecycle.ts'
import { rateInWords } from '#lib/questionnaires/questionnaire.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'

type Line = {
  id: string
  title: string
  state: PublicationState
  anonymous: boolean
  opensAt: Date | null
  closesAt: Date | null
  savedBy: string
  savedAt: Date
  asked: number
  answered: number
}

/** When it is open, in a few words. */
function timesOf({ state, opensAt, closesAt, savedBy, savedAt }: Line): string {
  if (state === 'draft') return `Salvata da ${savedBy}, ${instantInWords(savedAt)}`
  if (state === 'scheduled' && opensAt) return dated`Si apre il ${instantInWords(opensAt)}`
  return closesAt ? `${state === 'published' ? 'Fino al' : 'Chiuso il'} ${instantInWords(closesAt)}` : ''
}

/** The office's questionnaires with state and response rate. */
export function OfficeQuestionnaireList({
  municipalitySlug,
  lines,
}: {
  municipalitySlug: string
  lines: readonly Line[]
}) {
  return (
    <ul data-surface className="divide-y divide-line rounded-lg border border-line bg-white shadow-low">
      {lines.map((line) => (
        <li key={line.id} className="relative grid gap-1 p-4 hover:bg-canvas sm:grid-cols-[1fr_auto] sm:px-6">
          <div className="min-w-0">
            <a
              href={`/admin/${municipalitySlug}/questionari/${line.id}`}
              className="stretched text-lg font-semibold text-ink no-underline hover:underline"
            >
              {line.title || 'Bozza senza titolo'}
            </a>
            <p className="text-sm text-muted">
              {timesOf(line)}
              {line.anonymous && ' · anonimo'}
            </p>
            {line.state !== 'draft' && (
              <p className="text-sm text-ink">Risposte: {rateInWords(line.answered, line.asked)}</p>
            )}
          </div>
          <div className="flex items-center sm:justify-end">
            <PublicationChip kind="questionnaire" state={line.state} />
          </div>
        </li>
      ))}
    </ul>
  )
}
