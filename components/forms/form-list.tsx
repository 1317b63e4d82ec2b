import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { protocolInWords } from '#lib/forms/protocol.ts'
import type { SubmissionState } from '#lib/forms/submission.ts'
import { instantInWords, longDate } from '#lib/words/format-day.ts'
import { useWords } from '#words'
import { SubmissionChip } from './state-chip.tsx'

export type FormCard = {
  id: string
  title: string
  intro: string
  yearName: string
  opensAt: Date
  closesAt: Date | null
  hasDraft: boolean
}

export type ListedSubmission = {
  id: string
  title: string
  about: string
  state: SubmissionState
  year: number
  number: number
  submittedAt: Date
  dueOn: string | null
}

/** The forms that can be filled in now; when there is none, the sentence says so for the school year. */
export function OpenForms({
  municipalitySlug,
  forms,
  yearName,
}: {
  municipalitySlug: string
  forms: readonly FormCard[]
  yearName: string
}) {
  const t = useWords()
  if (forms.length === 0) {
    return (
      <EmptyState
        icon="file-text"
        title={
          yearName
            ? t('Nessun modulo è attivo per l’anno scolastico {year}', { year: yearName })
            : t('Nessun modulo è attivo')
        }
      >
        <p>
          {t('Quando si aprirà un’iscrizione o un bando, lo troverai qui con le date entro cui compilarlo.')}
        </p>
      </EmptyState>
    )
  }
  return (
    <ul className="grid gap-4 lg:grid-cols-2">
      {forms.map((form) => (
        <li
          key={form.id}
          data-surface
          className="flex flex-col gap-3 rounded-lg border border-line bg-white p-4 shadow-low sm:p-6"
        >
          <h2 lang="it" className="text-xl">
            {form.title}
          </h2>
          <p lang="it" className="flex-1">
            {form.intro}
          </p>
          <p className="text-sm text-muted">
            {t('Anno scolastico {year}', { year: form.yearName })}
            {' · '}
            {form.closesAt
              ? t('fino al {when}', { when: instantInWords(form.closesAt, t) })
              : t('aperto tutto l’anno')}
          </p>
          <div>
            <ButtonLink
              href={`/${municipalitySlug}/moduli/${form.id}`}
              icon={form.hasDraft ? 'pencil' : 'arrow-right'}
              look={form.hasDraft ? 'primary' : 'secondary'}
            >
              <span>
                {form.hasDraft ? t('Continua la bozza') : t('Compila')}
                <span lang="it" className="sr-only">
                  : {form.title}
                </span>
              </span>
            </ButtonLink>
          </div>
        </li>
      ))}
    </ul>
  )
}

/** Forms that will open, with their dates. */
export function UpcomingForms({ forms }: { forms: readonly FormCard[] }) {
  const t = useWords()
  if (forms.length === 0) return null
  return (
    <Card title={t('Si apriranno')} titleId="si-apriranno">
      <ul className="grid gap-3">
        {forms.map((form) => (
          <li key={form.id}>
            <p lang="it" className="font-semibold text-ink">
              {form.title}
            </p>
            <p className="text-muted">
              {t('Dal {from}', { from: instantInWords(form.opensAt, t) })}
              {form.closesAt && ` ${t('al {to}', { to: instantInWords(form.closesAt, t) })}`}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** What was sent, newest first, with what is to be done first of all. */
export function OwnSubmissions({
  municipalitySlug,
  submissions,
}: {
  municipalitySlug: string
  submissions: readonly ListedSubmission[]
}) {
  const t = useWords()
  if (submissions.length === 0) return null
  return (
    <Card title={t('Le tue domande')} titleId="le-tue-domande" flush>
      <ul className="divide-y divide-line">
        {submissions.map((submission) => (
          <li
            key={submission.id}
            className="relative grid gap-1 p-4 hover:bg-canvas sm:grid-cols-[1fr_auto] sm:items-center sm:px-6"
          >
            <div className="min-w-0">
              <a
                href={`/${municipalitySlug}/moduli/domande/${submission.id}`}
                lang="it"
                className="stretched font-semibold"
              >
                {submission.title}
              </a>
              <p className="text-sm text-muted">
                {submission.about} · {t('protocollo {number}', { number: protocolInWords(submission) })} ·{' '}
                {instantInWords(submission.submittedAt, t)}
              </p>
              {submission.dueOn && (
                <p className="font-semibold text-warning">
                  {t('Manca qualcosa: rispondi entro il {day}', {
                    day: longDate(submission.dueOn, t.language),
                  })}
                </p>
              )}
            </div>
            <span>
              <SubmissionChip state={submission.state} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
