import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ReplacementsForm, type ToReplace } from '#components/office/menus/replacements-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { isUuid } from '#lib/kernel/uuid.ts'
import { replacementFields, WITHOUT } from '#lib/menus/office/menu.fields.ts'
import { type OfficeMenu, officeMenu } from '#lib/menus/office/menu.queries.ts'
import { dishesIn } from '#lib/menus/rotation.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { keepReplacements } from '../../actions.ts'

export const metadata: Metadata = { title: 'Sostituzioni per le diete' }

/** The dishes of the menu that some diet does not eat, each with the dishes of its course that the diet may find instead. */
function toReplace({ plan, dishes, diets }: OfficeMenu): ToReplace[] {
  const served = new Set(dishesIn(plan.rotation))
  return dishes
    .filter(({ id, unsuitedDiets }) => served.has(id) && unsuitedDiets.length > 0)
    .map((dish) => ({
      id: dish.id,
      name: dish.name,
      course: dish.course,
      diets: diets
        .filter(({ code }) => dish.unsuitedDiets.includes(code))
        .map(({ code, name }) => {
          const written = plan.replacements[dish.id]?.[code]
          return {
            code,
            name,
            chosen: written === undefined ? '' : (written ?? WITHOUT),
            choices: dishes
              .filter((other) => other.course === dish.course && !other.unsuitedDiets.includes(code))
              .map((other) => ({ id: other.id, name: other.name })),
          }
        }),
    }))
}

export default async function Replacements({ params }: { params: Promise<{ comune: string; id: string }> }) {
  const { comune: municipalitySlug, id } = await params
  const viewer = await requireViewer(municipalitySlug)
  const menu = isUuid(id) ? await officeMenu(viewer, id) : null
  if (!menu) notFound()
  const dishes = toReplace(menu)
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Menù', href: `/admin/${municipalitySlug}/menu` },
          { label: menu.plan.name, href: `/admin/${municipalitySlug}/menu/${id}` },
          { label: 'Sostituzioni' },
        ]}
      />
      <PageHeading
        title="Sostituzioni per le diete"
        lead="Che cosa mangia ogni dieta al posto dei piatti che non fanno per lei, in tutto il menù."
      />
      {dishes.length === 0 ? (
        <EmptyState icon="circle-check" title="Niente da sostituire">
          <p>Nessun piatto di questo menù è segnato come non adatto a una dieta.</p>
        </EmptyState>
      ) : (
        <ReplacementsForm
          key={menu.number}
          hidden={{ municipalitySlug, id }}
          version={menu.number}
          saved={replacementFields(menu.plan)}
          here={`/admin/${municipalitySlug}/menu/${id}/sostituzioni`}
          dishes={dishes}
          action={keepReplacements}
        />
      )}
    </>
  )
}
