import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AnswersSheet } from '#components/forms/answers-sheet.tsx'
import { Milestones } from '#components/forms/milestones.tsx'
import { SubmissionChip } from '#components/forms/state-chip.tsx'
import { Done } from '#components/office/done.tsx'
import { ActForm } from '#components/office/forms/act-form.tsx'
import { DecisionForm } from '#components/office/forms/decision-form.tsx'
import { OfficePhone } from '#components/office/office-phone.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { documentPathOf } from '#lib/forms/form-screen.ts'
import { type Review, reviewOf } from '#lib/forms/office/submission.queries.ts'
import { protocolInWords } from '#lib/forms/protocol.ts'
import { laterDocuments } from '#lib/forms/submission.queries.ts'
import { canBeCorrected, DAYS_TO_ANSWER, isDecided } from '#lib/forms/submission.ts'
import { addDays } from '#lib/kernel/day.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { instantInWords, longDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { ask, assign, decide, reject, take } from '../actions.ts'

export const metadata: Metadata = { title: 'Domanda' }

type Props = {
  params: Promise<{ comune: string; id: string; domanda: string }>
  searchParams: Promise<SearchParams>
}

const DONE: Readonly<Record<string, string>> = {
  presa: 'La domanda è in esame, assegnata a te. La famiglia è avvisata.',
  assegnata: 'Assegnazione cambiata.',
  chiesta: 'La richiesta è partita. La famiglia risponde nella pagina della domanda.',
  respinta: 'La domanda è respinta. La famiglia legge il motivo.',
  accolta: 'La domanda è accolta, e quello che era previsto è fatto.',
  corretta: 'La decisione è corretta, e quello che era previsto è fatto. La famiglia è avvisata.',
}

/** One request: what was sent, what happened, and the decision. */
export default async function SubmissionReview({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id, domanda }, { fatto }] = await Promise.all([params, searchParams])
  const review = await reviewOf(await requireViewer(municipalitySlug), id, domanda)
  if (!review) notFound()
  const base = `/admin/${municipalitySlug}/moduli/${id}`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Moduli e domande', href: `/admin/${municipalitySlug}/moduli` },
          { label: review.title, href: base },
          { label: 'Domande arrivate', href: `${base}/domande` },
          { label: protocolInWords(review) },
        ]}
      />
      <PageHeading
        eyebrow={`${review.title} · protocollo ${protocolInWords(review)}`}
        title={review.about}
        actions={<PrintButton />}
      />
      <Done sentences={DONE} code={fatto} />
      <div className="grid items-start gap-6 lg:grid-cols-[3fr_2fr]">
        {/* On a phone and on paper: whose it is and where it stands, then what it says. */}
        <div className="grid gap-6 lg:col-start-2 lg:row-start-1">
          <Facts review={review} municipalitySlug={municipalitySlug} />
          <Card title="Che cosa è successo" titleId="passi">
            <Milestones lines={review.milestones} />
          </Card>
        </div>
        <div className="grid gap-6 lg:col-start-1 lg:row-start-1">
          <Sent review={review} municipalitySlug={municipalitySlug} />
          {!isDecided(review.state) && <Decide review={review} municipalitySlug={municipalitySlug} />}
          {canBeCorrected(review) && <Correct review={review} municipalitySlug={municipalitySlug} />}
        </div>
      </div>
    </>
  )
}

function Sent({ review, municipalitySlug }: { review: Review; municipalitySlug: string }) {
  const later = laterDocuments(review)
  return (
    <>
      <AnswersSheet
        sections={review.shown}
        documentPath={documentPathOf(municipalitySlug)}
        forgotten={review.documents.filter(({ isKept }) => !isKept).map((document) => document.id)}
      />
      {later.length > 0 && (
        <Card title="Documenti mandati dopo" titleId="dopo">
          <ul className="grid gap-1">
            {later.map((document) => (
              <li key={document.id} className="break-all">
                {document.isKept ? (
                  <a href={documentPathOf(municipalitySlug) + document.id}>{document.name}</a>
                ) : (
                  `${document.name} (non più conservato)`
                )}
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}

function Facts({ review, municipalitySlug }: { review: Review; municipalitySlug: string }) {
  return (
    <Card title="La domanda" titleId="domanda">
      <DataList
        narrow
        items={[
          { term: 'Stato', value: <SubmissionChip state={review.state} /> },
          { term: 'Inviata', value: instantInWords(review.submittedAt) },
          { term: 'Da', value: review.personName },
          {
            term: 'E-mail',
            value: <span className="break-all">{review.contacts.email ?? 'Non la conosciamo'}</span>,
          },
          {
            term: 'Telefono',
            value: <OfficePhone phone={review.contacts.phone} isVerified={review.contacts.isPhoneVerified} />,
          },
          { term: 'Assegnata a', value: review.assignee ?? 'Nessuno' },
        ]}
      />
      {!isDecided(review.state) && (
        <div className="mt-4 grid gap-4 print:hidden">
          {review.state === 'submitted' && (
            <ActForm
              hidden={{ municipalitySlug, id: review.id }}
              action={take}
              look="primary"
              icon="clock"
              label="Prendi in esame"
            />
          )}
          <ActForm
            hidden={{ municipalitySlug, id: review.id }}
            action={assign}
            look="quiet"
            icon="users"
            label="Assegna"
            fields={[
              {
                kind: 'choice',
                name: 'personId',
                label: 'Chi se ne occupa',
                value: review.assignedTo ?? '',
                options: [
                  { value: '', label: 'Nessuno' },
                  ...review.colleagues.map((colleague) => ({ value: colleague.id, label: colleague.name })),
                ],
              },
            ]}
          />
        </div>
      )}
    </Card>
  )
}

function Decide({ review, municipalitySlug }: { review: Review; municipalitySlug: string }) {
  const { facts } = review
  return (
    <div className="grid gap-6 print:hidden">
      <Card title="Accogli" titleId="accogli">
        {facts.elsewhere && (
          <div className="mb-4">
            <Notice kind="warning">
              <p>
                Il codice fiscale è già di un alunno di un’altra famiglia: così la domanda non si può
                accogliere.
              </p>
            </Notice>
          </div>
        )}
        <Decision review={review} municipalitySlug={municipalitySlug} />
      </Card>
      <Card title="Chiedi un’integrazione" titleId="integrazione">
        <ActForm
          hidden={{ municipalitySlug, id: review.id }}
          action={ask}
          icon="send"
          label="Chiedi alla famiglia"
          fields={[
            { kind: 'text', name: 'words', label: 'Che cosa manca', max: 2_000 },
            { kind: 'day', name: 'dueOn', label: 'Entro il', value: addDays(review.today, DAYS_TO_ANSWER) },
          ]}
        />
      </Card>
      <Card title="Respingi" titleId="respingi">
        <ActForm
          hidden={{ municipalitySlug, id: review.id }}
          action={reject}
          look="danger"
          icon="circle-x"
          label="Respingi la domanda"
          fields={[
            {
              kind: 'text',
              name: 'reason',
              label: 'Motivo',
              hint: 'Lo legge la famiglia, parola per parola.',
              max: 2_000,
            },
          ]}
        />
      </Card>
    </div>
  )
}

/** A decision in two presses: the same form accepts and, later, corrects. */
function Decision({ review, municipalitySlug }: { review: Review; municipalitySlug: string }) {
  const { facts } = review
  return (
    <DecisionForm
      hidden={{ municipalitySlug, id: review.id }}
      kind={review.kind}
      proposed={review.proposed}
      classes={facts.classes.map((one) => ({ value: one.id, label: `${one.schoolName}, ${one.name}` }))}
      diets={facts.diets.map(({ code, name }) => ({ value: code, label: `${code} · ${name}` }))}
      bands={facts.bands.map(({ code, name, priceCents }) => ({
        value: code,
        label: priceCents === null ? name : `${name} · ${formatEuro(priceCents)} a pasto`,
      }))}
      firstDayInWords={longDay(facts.firstDay)}
      isCorrection={review.state === 'accepted'}
      action={decide}
    />
  )
}

function Correct({ review, municipalitySlug }: { review: Review; municipalitySlug: string }) {
  return (
    <div className="print:hidden">
      <Card title="Correggi la decisione" titleId="correggi">
        <p className="mb-5 text-muted">
          Se la decisione era sbagliata, scrivi quella giusta e da quando vale. I giorni già contati in cucina
          non cambiano; la famiglia è avvisata.
        </p>
        <Decision review={review} municipalitySlug={municipalitySlug} />
      </Card>
    </div>
  )
}
