import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { schoolFormFields } from '#components/office/structure/school-fields.ts'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { schoolLines } from '#lib/school/office/structure.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { newSchool } from '../actions.ts'

export const metadata: Metadata = { title: 'Nuova scuola' }

/** A school with its classes; days and cutoff are decided on its own page. */
export default async function NewSchool({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  if (!(await schoolLines(await requireViewer(municipalitySlug), 1))) notFound()
  const here = `/admin/${municipalitySlug}/impostazioni`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Impostazioni', href: here },
          { label: 'Scuole e classi', href: `${here}/scuole` },
          { label: 'Nuova scuola' },
        ]}
      />
      <PageHeading
        title="Nuova scuola"
        lead="Dopo scegli in quali giorni si mangia e fino a quando si disdice."
      />
      <PreviewForm
        action={newSchool}
        hidden={{ municipalitySlug }}
        fields={[
          ...schoolFormFields(null),
          {
            kind: 'text',
            name: 'classes',
            label: 'Classi',
            hint: 'Separate da virgole, o una per riga: 1A, 1B, 2A.',
            max: 4000,
          },
        ]}
        label="Crea la scuola"
      />
    </>
  )
}
