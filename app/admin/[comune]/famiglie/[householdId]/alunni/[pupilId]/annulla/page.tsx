import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { REASON_FIELD } from '#components/office/enrolment-fields.ts'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { undoableChange } from '#lib/people/office/enrolment-undo.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { undoEnrolment } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Annulla l’ultimo cambio' }

type Props = { params: Promise<{ comune: string; householdId: string; pupilId: string }> }

const WHAT = {
  moved: 'Il cambio di classe',
  ended: 'L’ultimo giorno',
  weekdays: 'Il cambio dei giorni',
  households: 'La divisione dei pasti tra due famiglie, per come è',
} as const

/** Takes back the last change of a pupil; a pupil without one has no such page. */
export default async function UndoOfEnrolment({ params }: Props) {
  const { comune: municipalitySlug, householdId, pupilId } = await params
  const change = await undoableChange(await requireViewer(municipalitySlug), { householdId, pupilId })
  if (!change) notFound()
  const families = `/admin/${municipalitySlug}/famiglie`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: 'La famiglia', href: `${families}/${householdId}` },
          { label: change.pupilName },
        ]}
      />
      <PageHeading
        title={`Annulla l’ultimo cambio di ${change.pupilName}`}
        lead={dated`${WHAT[change.kind]} deciso da ${change.who ?? 'un collega'} il ${instantInWords(change.at)}: torna com’era, finché nessuno di quei giorni è contato.`}
      />
      <PreviewForm
        action={undoEnrolment}
        hidden={{ municipalitySlug, householdId, pupilId, changeId: change.id }}
        fields={[REASON_FIELD]}
        label="Vedi che cosa succederà"
        confirm="Annulla il cambio"
      />
    </>
  )
}
