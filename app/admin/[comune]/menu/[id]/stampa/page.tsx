import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { MenuWeek } from '#components/menus/menu-week.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { isUuid } from '#lib/kernel/uuid.ts'
import { officeMenu } from '#lib/menus/office/menu.queries.ts'
import { plannedWeek } from '#lib/menus/rotation-pages.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'

export const metadata: Metadata = { title: 'Stampa del menù' }

/** The newest version of a menu on paper, a week per sheet, published or not. */
export default async function PrintMenu({ params }: { params: Promise<{ comune: string; id: string }> }) {
  const { comune: municipalitySlug, id } = await params
  const viewer = await requireViewer(municipalitySlug)
  const menu = isUuid(id) ? await officeMenu(viewer, id) : null
  if (!menu) notFound()
  const { plan } = menu
  const dishes = new Map(menu.dishes.map((dish) => [dish.id, dish]))
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Menù', href: `/admin/${municipalitySlug}/menu` },
          { label: plan.name, href: `/admin/${municipalitySlug}/menu/${id}` },
          { label: 'Stampa' },
        ]}
      />
      <div className="print:hidden">
        <PageHeading
          title={`${plan.name}, versione ${menu.number}`}
          lead="Una settimana per foglio, A4 orizzontale."
          actions={<PrintButton />}
        />
      </div>
      <div className="grid gap-8">
        {Array.from({ length: plan.weeks }, (_, index) => index + 1).map((week) => (
          <section key={week} className="menu-sheet grid gap-3" aria-labelledby={`settimana-${week}`}>
            <h2 id={`settimana-${week}`} className="text-2xl print:text-xl">
              {plan.name}, settimana {week} di {plan.weeks}
            </h2>
            <p className="text-sm text-muted">
              {dated`Dal ${numericDay(plan.startsOn)}`} {dated`al ${numericDay(plan.endsOn)}`}
            </p>
            <MenuWeek days={plannedWeek(plan, week, menu.weekdays, dishes)} headingLevel="h3" />
          </section>
        ))}
      </div>
    </>
  )
}
