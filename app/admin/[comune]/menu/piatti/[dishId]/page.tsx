import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ActionForm } from '#components/office/menus/action-form.tsx'
import { DishForm } from '#components/office/menus/dish-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { isUuid } from '#lib/kernel/uuid.ts'
import { officeDish, officeMenuChoices } from '#lib/menus/office/menu.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { dropDish, keepDish } from '../../actions.ts'

export const metadata: Metadata = { title: 'Piatto' }

export default async function DishPage({ params }: { params: Promise<{ comune: string; dishId: string }> }) {
  const { comune: municipalitySlug, dishId } = await params
  const viewer = await requireViewer(municipalitySlug)
  const [choices, dish] = await Promise.all([
    officeMenuChoices(viewer),
    isUuid(dishId) ? officeDish(viewer, dishId) : null,
  ])
  if (!choices || !dish) notFound()
  const path = `/admin/${municipalitySlug}/menu`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Menù', href: path },
          { label: 'Piatti', href: `${path}/piatti` },
          { label: dish.name },
        ]}
      />
      <PageHeading title={dish.name} />
      <DishForm municipalitySlug={municipalitySlug} dish={dish} diets={choices.diets} action={keepDish} />
      <details className="mt-10">
        <summary className="min-h-11 font-semibold text-primary underline">
          Togli il piatto dall’elenco
        </summary>
        <p className="my-3 max-w-2xl">
          Non si potrà più scegliere. Nei menù passati resta scritto. Se un menù pubblicato lo serve, prima va
          tolto da lì.
        </p>
        <ActionForm
          action={dropDish}
          hidden={{ municipalitySlug, id: dish.id }}
          label="Togli dall’elenco"
          look="danger"
        />
      </details>
    </>
  )
}
