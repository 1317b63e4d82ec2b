import { PublicationChip } from '#components/office/publication-chip.tsx'
import { FORM_KINDS, type FormKind } from '#lib/forms/form.ts'
import type { PublicationState } from '#lib/publishing/lifecycle.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'

export type ListedForm = {
  id: string
  kind: FormKind
  title: string
  yearName: string
  opensAt: Date
  closesAt: Date | null
  state: PublicationState
  hasChanges: boolean
  waiting: number
  total: number
}

const datesOf = ({ state, opensAt, closesAt }: ListedForm): string =>
  [
    state === 'scheduled' || closesAt ? dated`Dal ${instantInWords(opensAt)}` : 'Tutto l’anno',
    closesAt ? dated`al ${instantInWords(closesAt)}` : '',
  ]
    .filter(Boolean)
    .join(' ')

/** The office's forms: what is open, how many submissions wait. */
export function OfficeFormList({
  municipalitySlug,
  lines,
}: {
  municipalitySlug: string
  lines: readonly ListedForm[]
}) {
  return (
    <ul data-surface className="divide-y divide-line rounded-lg border border-line bg-white shadow-low">
      {lines.map((line) => (
        <li key={line.id} className="grid gap-3 p-4 sm:grid-cols-[1fr_auto] sm:px-6">
          <div className="min-w-0">
            <a
              href={`/admin/${municipalitySlug}/moduli/${line.id}`}
              className="inline-flex min-h-11 items-center text-lg font-semibold text-ink no-underline hover:underline"
            >
              {line.title || 'Modulo senza titolo'}
            </a>
            <p className="text-sm text-muted">
              {FORM_KINDS[line.kind]} · {line.yearName} · {datesOf(line)}
            </p>
            {line.hasChanges && (
              <p className="text-sm font-semibold text-warning">Modifiche non pubblicate</p>
            )}
          </div>
          <div className="flex flex-wrap items-center gap-3 sm:justify-end">
            <PublicationChip kind="form" state={line.state} />
            <a
              href={`/admin/${municipalitySlug}/moduli/${line.id}/domande`}
              className="inline-flex min-h-11 items-center font-semibold"
            >
              {line.waiting === 0
                ? `${line.total === 1 ? '1 domanda' : `${line.total} domande`}`
                : `${line.waiting} da decidere su ${line.total}`}
              <span className="sr-only">: {line.title}</span>
            </a>
          </div>
        </li>
      ))}
    </ul>
  )
}
