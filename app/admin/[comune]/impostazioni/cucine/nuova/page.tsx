import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { kitchenFormFields } from '#components/office/structure/kitchen-fields.ts'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { kitchenLines } from '#lib/kitchen/office/kitchen.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { newKitchen } from '../actions.ts'

export const metadata: Metadata = { title: 'Nuova cucina' }

/** A kitchen with its addresses; which schools it serves is decided on its own page. */
export default async function NewKitchen({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  if (!(await kitchenLines(await requireViewer(municipalitySlug)))) notFound()
  const here = `/admin/${municipalitySlug}/impostazioni`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Impostazioni', href: here },
          { label: 'Cucine', href: `${here}/cucine` },
          { label: 'Nuova cucina' },
        ]}
      />
      <PageHeading title="Nuova cucina" lead="Dopo scegli quali scuole serve, e da quando." />
      <PreviewForm
        action={newKitchen}
        hidden={{ municipalitySlug }}
        fields={kitchenFormFields(null)}
        label="Crea la cucina"
      />
    </>
  )
}
