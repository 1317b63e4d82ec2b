import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AnswersSheet } from '#components/forms/answers-sheet.tsx'
import { Milestones } from '#components/forms/milestones.tsx'
import { SubmissionChip } from '#components/forms/state-chip.tsx'
import { IntegrationForm, WithdrawForm } from '#components/forms/submission-forms.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { anyDocument, documentPathOf } from '#lib/forms/form-screen.ts'
import { protocolInWords } from '#lib/forms/protocol.ts'
import { laterDocuments, ownSubmission, type Submission } from '#lib/forms/submission.queries.ts'
import { isDecided } from '#lib/forms/submission.ts'
import { type Day, dayInRome } from '#lib/kernel/day.ts'
import { requireFiller } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { doneInWords } from '#lib/words/done.ts'
import { exactTimeInRome, longDate } from '#lib/words/format-day.ts'
import { formatSize } from '#lib/words/format-number.ts'
import { type Phrase, phrase, type Words } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { answer, withdraw } from '../../actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('La tua domanda') }
}

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

const DONE: Readonly<Record<string, Phrase>> = {
  inviata: phrase('La domanda è arrivata. Ti abbiamo mandato la ricevuta anche per e-mail.'),
  risposta: phrase('La tua risposta è arrivata all’ufficio.'),
  ritirata: phrase('La domanda è ritirata.'),
}

/** The receipt of a submission, its state step by step, and what the family can still do. */
export default async function OwnSubmission({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, { fatto }, t] = await Promise.all([
    params,
    searchParams,
    readWords(),
  ])
  const viewer = await requireFiller(municipalitySlug)
  const submission = await ownSubmission(viewer, id)
  if (!submission) notFound()
  const done = doneInWords(DONE, fatto)
  const later = laterDocuments(submission)
  return (
    <div className="mx-auto max-w-3xl">
      <Breadcrumb
        items={[
          { label: t('Moduli online'), href: `/${municipalitySlug}/moduli` },
          { label: t('Domanda {number}', { number: protocolInWords(submission) }) },
        ]}
      />
      <PageHeading
        title={<span lang="it">{submission.title}</span>}
        eyebrow={submission.about}
        actions={<PrintButton label={t('Stampa la ricevuta')} />}
      />
      <div className="grid gap-6">
        {done && (
          <Notice kind="success" live>
            <p>{t(done)}</p>
          </Notice>
        )}
        <Receipt submission={submission} t={t} />
        {submission.state === 'integration' && submission.dueOn && (
          <IntegrationNotice
            municipalitySlug={municipalitySlug}
            submission={submission}
            dueOn={submission.dueOn}
            t={t}
          />
        )}
        <Card title={t('A che punto è')} titleId="a-che-punto">
          <Milestones lines={submission.milestones} />
          {!isDecided(submission.state) && submission.state !== 'integration' && (
            <p className="mt-4 text-muted">
              {t('L’ufficio risponde di solito entro 30 giorni dall’invio. Ti avvisiamo a ogni passo.')}
            </p>
          )}
        </Card>
        <h2 className="text-2xl">{t('Quello che hai mandato')}</h2>
        <AnswersSheet
          sections={submission.shown}
          documentPath={documentPathOf(municipalitySlug)}
          forgotten={submission.documents.filter(({ isKept }) => !isKept).map((document) => document.id)}
        />
        {submission.shown.length === 0 && <p>{t('Le risposte non sono più conservate.')}</p>}
        {later.length > 0 && <LaterDocuments municipalitySlug={municipalitySlug} documents={later} t={t} />}
        {!isDecided(submission.state) && (
          <WithdrawForm municipalitySlug={municipalitySlug} submissionId={submission.id} action={withdraw} />
        )}
      </div>
    </div>
  )
}

function Receipt({ submission, t }: { submission: Submission; t: Words }) {
  return (
    <Card>
      <DataList
        items={[
          { term: t('Protocollo'), value: protocolInWords(submission) },
          {
            term: t('Inviata il'),
            value: t('{day} alle {time} (ora del server)', {
              day: longDate(dayInRome(submission.submittedAt), t.language),
              time: exactTimeInRome(submission.submittedAt, t.language),
            }),
          },
          { term: t('Inviata da'), value: submission.personName },
          { term: t('Anno scolastico'), value: submission.yearName },
          { term: t('Stato'), value: <SubmissionChip state={submission.state} /> },
        ]}
      />
    </Card>
  )
}

/** What the office still asks for, and the form that answers. */
function IntegrationNotice({
  municipalitySlug,
  submission,
  dueOn,
  t,
}: {
  municipalitySlug: string
  submission: Submission
  dueOn: Day
  t: Words
}) {
  const asked = submission.milestones.findLast(({ kind }) => kind === 'asked')
  return (
    <Notice
      kind="warning"
      title={t('Manca qualcosa: rispondi entro il {day}', { day: longDate(dueOn, t.language) })}
    >
      <p lang="it" className="mb-4 break-words whitespace-pre-line">
        {asked?.words}
      </p>
      {submission.today > dueOn && (
        <p className="mb-4">
          {t('Il giorno è passato, ma puoi ancora rispondere finché l’ufficio non decide.')}
        </p>
      )}
      <div className="print:hidden">
        <IntegrationForm
          municipalitySlug={municipalitySlug}
          submissionId={submission.id}
          action={answer}
          {...anyDocument(t)}
        />
      </div>
    </Notice>
  )
}

function LaterDocuments({
  municipalitySlug,
  documents,
  t,
}: {
  municipalitySlug: string
  documents: Submission['documents']
  t: Words
}) {
  return (
    <Card title={t('Documenti mandati dopo')} titleId="documenti-dopo">
      <ul className="grid gap-2">
        {documents.map((document) => (
          <li key={document.id} className="break-all">
            {document.isKept ? (
              <a href={documentPathOf(municipalitySlug) + document.id}>{document.name}</a>
            ) : (
              document.name
            )}{' '}
            <span className="text-sm text-muted">{formatSize(document.size, t.language)}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
