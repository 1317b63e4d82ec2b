import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Composer } from '#components/questionnaires/composer.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { schoolsToAsk } from '#lib/questionnaires/office/questionnaire.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { saveDraft } from '../actions.ts'

export const metadata: Metadata = { title: 'Nuovo questionario' }

export default async function NewQuestionnaire({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToStaff(viewer, 'questionnaires:write')) notFound()
  return (
    <div className="max-w-3xl">
      <Breadcrumb
        items={[{ label: 'Questionari', href: `/admin/${municipalitySlug}/questionari` }, { label: 'Nuovo' }]}
      />
      <PageHeading
        title="Nuovo questionario"
        lead="Prima si salva una bozza, poi si guarda l’anteprima e si pubblica."
      />
      <Composer
        municipalitySlug={municipalitySlug}
        id=""
        version={0}
        fields={{ per: 'child', anonymous: 'on', showsResults: 'on', 'q0.kind': 'one', 'q0.required': 'on' }}
        places={await schoolsToAsk(viewer)}
        save={saveDraft}
      />
    </div>
  )
}
