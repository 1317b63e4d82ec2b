import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { QuestionFields } from '#components/questionnaires/question-fields.tsx'
import { WhatIsKnown } from '#components/questionnaires/what-is-known.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { officeQuestionnaire } from '#lib/questionnaires/office/questionnaire.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'

export const metadata: Metadata = { title: 'Anteprima del questionario' }

/** The questionnaire as a family has it before it; nothing can be sent from here. */
export default async function Preview({ params }: { params: Promise<{ comune: string; id: string }> }) {
  const { comune: municipalitySlug, id } = await params
  const found = await officeQuestionnaire(await requireViewer(municipalitySlug), id)
  if (!found) notFound()
  return (
    <div className="grid max-w-3xl gap-6">
      <Notice
        kind="info"
        title="Anteprima"
        action={
          <ButtonLink
            href={`/admin/${municipalitySlug}/questionari/${id}`}
            look="secondary"
            icon="arrow-left"
          >
            Torna al questionario
          </ButtonLink>
        }
      >
        <p>Così lo vede una famiglia. Da qui non parte nessuna risposta.</p>
      </Notice>
      <PageHeading
        title={found.title || 'Senza titolo'}
        eyebrow={found.per === 'child' ? 'Per Greta (esempio)' : 'Per tutta la famiglia'}
        lead={found.closesAt ? dated`Puoi rispondere fino al ${instantInWords(found.closesAt)}.` : undefined}
      />
      {found.intro && <p className="text-lg whitespace-pre-line">{found.intro}</p>}
      <WhatIsKnown anonymous={found.anonymous} showsResults={found.showsResults} />
      <div className="grid gap-8">
        {found.questions.map((question, index) => (
          <QuestionFields key={question.id} question={question} number={index + 1} given={{}} />
        ))}
      </div>
    </div>
  )
}
