import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AnswersSheet } from '#components/forms/answers-sheet.tsx'
import { Milestones } from '#components/forms/milestones.tsx'
import { IntegrationForm, WithdrawForm } from '#components/forms/request-forms.tsx'
import { RequestState } from '#components/forms/state-chip.tsx'
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
import { requireViewer } from '#lib/session/session.request.ts'
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

/** The receipt of a request, its state step by step, and what the family can still do. */
export default async function OwnRequest({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, { fatto }, t] = await Promise.all([
    params,
    searchParams,
    readWords(),
  ])
  const viewer = await requireViewer(municipalitySlug)
  const request = await ownSubmission(viewer, id)
  if (!request) notFound()
  const done = doneInWords(DONE, fatto)
  const later = laterDocuments(request)
  return (
    <div className="mx-auto max-w-3xl">
      <Breadcrumb
        items={[
          { label: t('Moduli online'), href: `/${municipalitySlug}/moduli` },
          { label: t('Domanda {number}', { number: protocolInWords(request) }) },
        ]}
      />
      <PageHeading
        title={<span lang="it">{request.title}</span>}
        eyebrow={request.about}
        actions={<PrintButton label={t('Stampa la ricevuta')} />}
      />
      <div className="grid gap-6">
        {done && (
          <Notice kind="success" live>
            <p>{t(done)}</p>
          </Notice>
        )}
        <Receipt request={request} t={t} />
        {request.state === 'integration' && request.dueOn && (
          <IntegrationNotice
            municipalitySlug={municipalitySlug}
            request={request}
            dueOn={request.dueOn}
            t={t}
          />
        )}
        <Card title={t('A che punto è')} titleId="a-che-punto">
          <Milestones lines={request.milestones} />
          {!isDecided(request.state) && request.state !== 'integration' && (
            <p className="mt-4 text-muted">
              {t('L’ufficio risponde di solito entro 30 giorni dall’invio. Ti avvisiamo a ogni passo.')}
            </p>
          )}
        </Card>
        <h2 className="text-2xl">{t('Quello che hai mandato')}</h2>
        <AnswersSheet
          sections={request.shown}
          documentPath={documentPathOf(municipalitySlug)}
          forgotten={request.documents.filter(({ isKept }) => !isKept).map((document) => document.id)}
        />
        {request.shown.length === 0 && <p>{t('Le risposte non sono più conservate.')}</p>}
        {later.length > 0 && <LaterDocuments municipalitySlug={municipalitySlug} documents={later} t={t} />}
        {!isDecided(request.state) && (
          <WithdrawForm municipalitySlug={municipalitySlug} submissionId={request.id} action={withdraw} />
        )}
      </div>
    </div>
  )
}

function Receipt({ request, t }: { request: Submission; t: Words }) {
  return (
    <Card>
      <DataList
        items={[
          { term: t('Protocollo'), value: protocolInWords(request) },
          {
            term: t('Inviata il'),
            value: t('{day} alle {time} (ora del server)', {
              day: longDate(dayInRome(request.submittedAt), t.language),
              time: exactTimeInRome(request.submittedAt, t.language),
            }),
          },
          { term: t('Inviata da'), value: request.personName },
          { term: t('Anno scolastico'), value: request.yearName },
          { term: t('Stato'), value: <RequestState state={request.state} /> },
        ]}
      />
    </Card>
  )
}

/** What the office still asks for, and the form that answers. */
function IntegrationNotice({
  municipalitySlug,
  request,
  dueOn,
  t,
}: {
  municipalitySlug: string
  request: Submission
  dueOn: Day
  t: Words
}) {
  const asked = request.milestones.findLast(({ kind }) => kind === 'asked')
  return (
    <Notice
      kind="warning"
      title={t('Manca qualcosa: rispondi entro il {day}', { day: longDate(dueOn, t.language) })}
    >
      <p lang="it" className="mb-4 break-words whitespace-pre-line">
        {asked?.words}
      </p>
      {request.today > dueOn && (
        <p className="mb-4">
          {t('Il giorno è passato, ma puoi ancora rispondere finché l’ufficio non decide.')}
        </p>
      )}
      <div className="print:hidden">
        <IntegrationForm
          municipalitySlug={municipalitySlug}
          submissionId={request.id}
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
