import { Icon } from '#components/ui/icon.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { useWords } from '#words'

export type FamilyLine = {
  id: string
  title: string
  isOpen: boolean
  anonymous: boolean
  /** "fino al 24/11/2026 alle 18:00", "chiuso il …" */
  when: string
  showsResults: boolean
  subjects: { pupilId: string | null; name: string; isAnswered: boolean }[]
}

/** The questionnaires of a family: for each, who has answered and the way in. */
export function QuestionnaireList({
  municipalitySlug,
  lines,
}: {
  municipalitySlug: string
  lines: readonly FamilyLine[]
}) {
  const t = useWords()
  const path = (line: FamilyLine, pupilId: string | null) =>
    `/${municipalitySlug}/questionari/${line.id}${pupilId ? `?figlio=${pupilId}` : ''}`
  const saysState = (line: FamilyLine, isAnswered: boolean) => {
    if (isAnswered) return { tone: 'success', icon: 'circle-check', word: t('Risposto') } as const
    if (line.isOpen) return { tone: 'warning', icon: 'pencil', word: t('Da compilare') } as const
    return { tone: 'neutral', icon: 'clock', word: t('Non compilato') } as const
  }
  return (
    <ul className="grid gap-4">
      {lines.map((line) => (
        <li key={line.id} data-surface className="rounded-lg border border-line bg-white shadow-low">
          <div className="p-4 sm:px-6">
            <h2 lang="it" className="text-xl">
              {line.title}
            </h2>
            <p className="text-muted">
              {line.when}
              {line.anonymous && ` · ${t('anonimo')}`}
              {!line.isOpen && line.showsResults && ` · ${t('con i risultati')}`}
            </p>
          </div>
          <ul className="divide-y divide-line border-t border-line">
            {line.subjects.map((subject) => {
              const { tone, icon, word } = saysState(line, subject.isAnswered)
              return (
                <li
                  key={subject.pupilId ?? ''}
                  className="relative flex min-h-14 items-center gap-3 px-4 py-2 hover:bg-canvas sm:px-6"
                >
                  <a href={path(line, subject.pupilId)} className="stretched flex-1 font-semibold">
                    <span lang="it" className="sr-only">
                      {line.title}:{' '}
                    </span>
                    {subject.pupilId ? subject.name : t('Per tutta la famiglia')}
                  </a>
                  <StatusChip tone={tone} icon={icon}>
                    {word}
                  </StatusChip>
                  <Icon name="chevron-right" className="text-primary" />
                </li>
              )
            })}
          </ul>
        </li>
      ))}
    </ul>
  )
}
