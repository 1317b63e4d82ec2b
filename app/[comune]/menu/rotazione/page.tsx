import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Said } from '#components/language/said.tsx'
import { MenuChoice } from '#components/menus/menu-choice.tsx'
import { MenuNotes } from '#components/menus/menu-notes.tsx'
import { MenuWeek } from '#components/menus/menu-week.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { menuOf } from '#lib/menus/day-menu.ts'
import { dietCode, menuPath, readAskedMenu } from '#lib/menus/menu.address.ts'
import { municipalityMenus } from '#lib/menus/menu.queries.ts'
import { rotationPages } from '#lib/menus/rotation-pages.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { inARow } from '#lib/words/list.ts'
import { readWords } from '#lib/words/words.request.ts'
import { written } from '#lib/words/written.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readWords())('Menù: tutte le settimane') }
}

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

/** The whole rotation, a week per sheet, each with the Mondays on which it begins. */
export default async function WholeRotation({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, typed] = await Promise.all([params, searchParams])
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  const [book, t] = await Promise.all([municipalityMenus(municipality), readWords()])
  const asked = readAskedMenu(book, typed)
  const menu =
    asked &&
    (menuOf(book.menus, asked.school.id, book.today) ?? menuOf(book.menus, asked.school.id, asked.monday))
  return (
    <div className="container-page py-6 sm:py-10 print:py-0">
      <Breadcrumb
        items={[
          { label: t('Mensa scolastica'), href: `/${municipalitySlug}` },
          { label: t('Menù'), href: `/${municipalitySlug}/menu` },
          { label: t('Tutte le settimane') },
        ]}
      />
      <h1 className="text-3xl sm:text-4xl print:hidden">{t('Menù: tutte le settimane')}</h1>
      {!asked || !menu ? (
        <div className="mt-6">
          <EmptyState icon="utensils-crossed" title={t('Nessun menù pubblicato per questa scuola')} />
        </div>
      ) : (
        <div className="mt-5 grid gap-8">
          <MenuChoice
            path={`/${municipalitySlug}/menu/rotazione`}
            schools={book.schools}
            diets={book.diets}
            school={asked.school.slug}
            diet={asked.diet?.slug ?? ''}
            week={null}
          />
          {rotationPages(book, menu, asked.school.id, dietCode(asked), t.language).map(
            ({ week, days, mondays }) => (
              <section
                key={week}
                className="menu-sheet grid gap-4 print:gap-2"
                aria-labelledby={`settimana-${week}`}
              >
                <div>
                  <h2 id={`settimana-${week}`} className="text-2xl print:text-xl">
                    <Said
                      text={t('{menu}, settimana {week} di {weeks}', {
                        menu: written(menu.name),
                        week,
                        weeks: menu.weeks,
                      })}
                    />
                  </h2>
                  <p>
                    <span lang="it">{asked.school.name}</span>
                    {asked.diet && <span lang="it"> · {asked.diet.name}</span>}
                  </p>
                  {mondays.length > 0 && (
                    <p className="text-sm text-muted">
                      {t('Settimane che cominciano lunedì: {days}', {
                        days: inARow(
                          mondays.map((day) => numericDay(day, t.language)),
                          t,
                        ),
                      })}
                    </p>
                  )}
                </div>
                <MenuWeek days={days} headingLevel="h3" />
              </section>
            ),
          )}
          <MenuNotes phone={municipality.operator.phone} diet={asked.diet !== null} />
          <p className="print:hidden">
            <a href={menuPath(municipalitySlug, { school: asked.school.slug, diet: asked.diet?.slug })}>
              {t('Torna al menù della settimana')}
            </a>
          </p>
        </div>
      )}
    </div>
  )
}
