import { StatusChip } from '#components/ui/status-chip.tsx'
import { pageOfWork, type WaitingKind, waitingRule } from '#lib/desk/waiting-work.ts'
import { WAITING_NAMES, waitingWorkInWords } from '#lib/desk/waiting-work.words.ts'
import { type DeskLine, isInHand } from '#lib/desk/work-take.ts'
import { ageInWords, takeInWords } from '#lib/desk/work-take.words.ts'
import { type WorkAction, WorkForm } from './work-form.tsx'

type Props = {
  municipalitySlug: string
  lines: readonly DeskLine[]
  now: Date
  /** The reader, who reads of the own take that it is theirs. */
  personId: string
  take: WorkAction
  finish: WorkAction
}

/** What waits for the reader's roles, the most pressing first: how much, since when, who has it. */
export function WorkList({ lines, ...rest }: Props) {
  if (lines.length === 0) return <p className="px-4 pb-4 sm:px-6">Non aspetta niente.</p>
  return (
    <ul>
      {lines.map((line) => (
        <li key={line.kind} className="border-t border-line px-4 py-3 sm:px-6">
          <WorkLine line={line} {...rest} />
        </li>
      ))}
    </ul>
  )
}

function WorkLine({
  municipalitySlug,
  line,
  now,
  personId,
  take,
  finish,
}: Omit<Props, 'lines'> & { line: DeskLine }) {
  const { kind, oldest } = line
  const isOwn = isInHand(line.take) && line.take.takenById === personId
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <a href={`/admin/${municipalitySlug}/${pageOfWork(kind)}`} className="tap font-semibold">
            {waitingWorkInWords(line)}
          </a>
          {waitingRule(kind).isUrgent && (
            <StatusChip tone="danger" icon="triangle-alert">
              Urgente
            </StatusChip>
          )}
        </p>
        <p className="text-sm text-muted">
          Aspetta {ageInWords(oldest, now)}
          {line.take && takeInWords(line.take, now) && (
            <span className="block">
              {isOwn ? `Ce l’hai tu, ${ageInWords(line.take.takenAt, now)}` : takeInWords(line.take, now)}
            </span>
          )}
        </p>
      </div>
      <div className="flex flex-wrap gap-2 print:hidden">
        {!isOwn && (
          <Press {...{ municipalitySlug, kind }} action={take} seen={isInHand(line.take) ? line.take.id : ''}>
            {isInHand(line.take) ? 'Passa a me' : 'Prendi in carico'}
          </Press>
        )}
        {isInHand(line.take) && (
          <Press {...{ municipalitySlug, kind }} action={finish} seen={line.take.id}>
            Fatto
          </Press>
        )}
      </div>
    </div>
  )
}

const Press = ({
  municipalitySlug,
  kind,
  seen,
  action,
  children,
}: {
  municipalitySlug: string
  kind: WaitingKind
  seen: string
  action: WorkAction
  children: string
}) => (
  <WorkForm action={action} values={{ municipalitySlug, kind, seen }} about={WAITING_NAMES[kind]}>
    {children}
  </WorkForm>
)
