import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AnswerForm } from '#components/questionnaires/answer-form.tsx'
import { QuestionnaireResults } from '#components/questionnaires/results.tsx'
import { WhatIsKnown } from '#components/questionnaires/what-is-known.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { isUuid } from '#lib/kernel/uuid.ts'
import { type QuestionnaireSheet, questionnaireSheet } from '#lib/questionnaires/questionnaire.queries.ts'
import { type Answer, type AskedQuestion, fieldOf, resultsOf } from '#lib/questionnaires/questionnaire.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { readWords } from '#lib/words/words.request.ts'
import { written } from '#lib/words/written.ts'
import { sendAnswers } from '../actions.ts'

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Questionario') }
}

/** The own answers as the form's fields hold them. */
const givenOf = (questions: readonly AskedQuestion[], own: readonly Answer[]): Record<string, string> =>
  Object.fromEntries(
    questions.map((question) => {
      const answer = own.find(({ questionId }) => questionId === question.id)
      return [fieldOf(question), answer?.words ?? answer?.chosen?.join(',') ?? '']
    }),
  )

/** The other children who still have to answer, once this one has. */
async function Thanks({ municipalitySlug, sheet }: { municipalitySlug: string; sheet: QuestionnaireSheet }) {
  const t = await readWords()
  const next = sheet.subjects.find((subject) => !subject.isAnswered)
  const list = `/${municipalitySlug}/questionari`
  return (
    <Notice
      kind="success"
      live
      title={t('Grazie, la risposta è arrivata')}
      action={
        next && sheet.state === 'published' ? (
          <ButtonLink href={`${list}/${sheet.id}?figlio=${next.pupilId}`} icon="arrow-right">
            {t('Rispondi per {name}', { name: next.name })}
          </ButtonLink>
        ) : (
          <ButtonLink href={list} look="secondary">
            {t('Torna ai questionari')}
          </ButtonLink>
        )
      }
    >
      <p>
        {sheet.anonymous
          ? t('È stata tenuta senza il tuo nome.')
          : t('Puoi cambiarla da questa pagina fino alla fine.')}
      </p>
    </Notice>
  )
}

/** Why there is nothing to fill in; null when there is. */
async function Answered({ sheet }: { sheet: QuestionnaireSheet }) {
  const t = await readWords()
  const { subject } = sheet
  if (!subject.isAnswered) return null
  const by = subject.answeredBy
  const when = subject.answeredAt && instantInWords(subject.answeredAt, t)
  return (
    <Notice
      kind="success"
      title={
        subject.pupilId
          ? t('Per {name} la risposta c’è già', { name: subject.name })
          : t('La tua famiglia ha già risposto')
      }
    >
      <p>
        {by && when
          ? t('Ha risposto {by}, il {when}. Solo chi ha risposto può cambiare la risposta.', { by, when })
          : t(
              'Vale la prima risposta arrivata, tua o dell’altro genitore. Il portale non sa che cosa c’è scritto.',
            )}
      </p>
    </Notice>
  )
}

export default async function Questionnaire({ params, searchParams }: Props) {
  const [t, { comune: municipalitySlug, id }, { figlio, fatto }] = await Promise.all([
    readWords(),
    params,
    searchParams,
  ])
  const viewer = await requireViewer(municipalitySlug)
  const sheet = await questionnaireSheet(viewer, id, isUuid(figlio) ? figlio : null)
  if (!sheet) notFound()
  const { subject, questions, own, counts } = sheet
  const isOpen = sheet.state === 'published'
  const mayChange = subject.isAnswered && subject.isOwn && !sheet.anonymous
  const when = instantInWords(sheet.closesAt, t)
  const sent = fatto === 'si' && subject.isAnswered
  return (
    <div className="max-w-3xl">
      <Breadcrumb
        items={[
          { label: t('Questionari'), href: `/${municipalitySlug}/questionari` },
          { label: written(sheet.title) },
        ]}
      />
      <PageHeading
        title={<span lang="it">{sheet.title}</span>}
        eyebrow={subject.pupilId ? t('Per {name}', { name: subject.name }) : t('Per tutta la famiglia')}
        lead={isOpen ? t('Puoi rispondere fino al {when}.', { when }) : t('Chiuso il {when}.', { when })}
      />
      <div className="grid gap-6">
        {sheet.intro && (
          <p lang="it" className="text-lg whitespace-pre-line">
            {sheet.intro}
          </p>
        )}
        {sent && <Thanks municipalitySlug={municipalitySlug} sheet={sheet} />}
        {!sent && !mayChange && <Answered sheet={sheet} />}
        {isOpen && (!subject.isAnswered || mayChange) && (
          <>
            {!sent && <WhatIsKnown anonymous={sheet.anonymous} showsResults={sheet.showsResults} />}
            <AnswerForm
              // A newer answer is a new form: what it shows is what it will be compared with.
              key={`${subject.pupilId}-${subject.answeredAt?.toISOString()}`}
              hidden={{
                municipalitySlug,
                id,
                pupilId: subject.pupilId ?? '',
                base: subject.answeredAt?.toISOString() ?? '',
              }}
              questions={questions}
              own={givenOf(questions, own)}
              label={mayChange ? t('Cambia la risposta') : t('Manda la risposta')}
              action={sendAnswers}
            />
          </>
        )}
        {!isOpen && counts && (
          <section aria-labelledby="risultati" className="grid gap-4">
            <h2 id="risultati" className="text-2xl">
              {t('I risultati')}
            </h2>
            <QuestionnaireResults results={resultsOf(questions, counts, true)} />
          </section>
        )}
        {!isOpen && !counts && <p>{t('Grazie a chi ha risposto. I risultati li legge l’ufficio.')}</p>}
      </div>
    </div>
  )
}
