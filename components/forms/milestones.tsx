import { Icon, type IconName } from '#components/ui/icon.tsx'
import { EVENTS_IN_WORDS, type EventKind } from '#lib/forms/submission.ts'
import { instantInWords, longDate } from '#lib/words/format-day.ts'
import { useWords } from '#words'

export type MilestoneLine = {
  id: string
  kind: EventKind
  at: Date
  byOffice: boolean
  words: string
  dueOn: string | null
}

const ICONS: Record<EventKind, IconName> = {
  submitted: 'send',
  taken: 'clock',
  asked: 'triangle-alert',
  answered: 'paperclip',
  accepted: 'circle-check',
  corrected: 'pencil',
  rejected: 'circle-x',
  withdrawn: 'undo-2',
}

/** What happened to a submission, from the first step to the last, each with its date and words. */
export function Milestones({ lines }: { lines: readonly MilestoneLine[] }) {
  const t = useWords()
  return (
    <ol className="grid gap-4">
      {lines.map((line) => (
        <li key={line.id} className="flex gap-3">
          <Icon name={ICONS[line.kind]} className="mt-1 text-primary" />
          <div className="min-w-0">
            <p className="font-semibold text-ink">{t(EVENTS_IN_WORDS[line.kind])}</p>
            <p className="text-sm text-muted">
              <time dateTime={line.at.toISOString()}>{instantInWords(line.at, t)}</time>
              {line.dueOn &&
                ` · ${t('da completare entro il {day}', { day: longDate(line.dueOn, t.language) })}`}
            </p>
            {line.words && (
              <p lang="it" className="mt-1 break-words whitespace-pre-line">
                {line.words}
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}
