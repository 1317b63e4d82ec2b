import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DishForm } from '#components/office/menus/dish-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { officeMenuChoices } from '#lib/menus/office/menu.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { keepDish } from '../../actions.ts'

export const metadata: Metadata = { title: 'Nuovo piatto' }

export default async function NewDish({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const choices = await officeMenuChoices(viewer)
  if (!choices) notFound()
  const path = `/admin/${municipalitySlug}/menu`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Menù', href: path },
          { label: 'Piatti', href: `${path}/piatti` },
          { label: 'Nuovo piatto' },
        ]}
      />
      <PageHeading title="Nuovo piatto" />
      <DishForm municipalitySlug={municipalitySlug} dish={null} diets={choices.diets} action={keepDish} />
    </>
  )
}
