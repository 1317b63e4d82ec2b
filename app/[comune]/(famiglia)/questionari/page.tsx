import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { QuestionnaireList } from '#components/questionnaires/questionnaire-list.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { familyQuestionnaires } from '#lib/questionnaires/questionnaire.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Questionari') }
}

export default async function Questionnaires({ params }: { params: Promise<{ comune: string }> }) {
  const [t, { comune: municipalitySlug }] = await Promise.all([readWords(), params])
  const found = await familyQuestionnaires(await requireViewer(municipalitySlug))
  if (!found) notFound()
  const lines = found.map((line) => {
    const isOpen = line.state === 'published'
    const when = instantInWords(line.closesAt, t)
    return {
      ...line,
      isOpen,
      when: isOpen ? t('Fino al {when}', { when }) : t('Chiuso il {when}', { when }),
    }
  })
  return (
    <>
      <PageHeading title={t('Questionari')} lead={t('Che cosa pensi della mensa: bastano pochi minuti.')} />
      {lines.length > 0 ? (
        <QuestionnaireList municipalitySlug={municipalitySlug} lines={lines} />
      ) : (
        <EmptyState icon="list" title={t('Nessun questionario')}>
          <p>{t('Quando il gestore ne apre uno per i tuoi figli lo trovi qui, e ti avvisiamo.')}</p>
        </EmptyState>
      )}
    </>
  )
}
