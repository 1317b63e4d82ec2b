import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { BarChart } from '#components/office/bar-chart.tsx'
import { Done } from '#components/office/done.tsx'
import { Fold } from '#components/office/fold.tsx'
import { MENU_DONE } from '#components/office/menus/done-words.ts'
import { LeftoverForm } from '#components/office/menus/leftover-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Field, SelectField } from '#components/ui/field.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { Table } from '#components/ui/table.tsx'
import { parseDay } from '#lib/kernel/day.ts'
import { readLeftoverFilter } from '#lib/kitchen/leftover.address.ts'
import { readLeftovers } from '#lib/kitchen/leftover.queries.ts'
import { amountInWords, byCourseSums, byMeal, kilograms, type Leftover } from '#lib/kitchen/leftover.ts'
import { COURSES } from '#lib/menus/dish.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { keepLeftovers } from '../actions.ts'

export const metadata: Metadata = { title: 'Avanzi' }

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

const MOST_MEALS = 20

function Sums({ rows }: { rows: readonly Leftover[] }) {
  const sums = byCourseSums(rows)
  const weighed = sums.filter((sum) => sum.weighed > 0)
  const estimated = sums.filter((sum) => sum.share !== null)
  return (
    <div className="grid gap-6">
      {weighed.length > 0 && (
        <Card title="Peso degli avanzi, per portata" titleId="peso">
          <BarChart
            title="Chili avanzati per portata"
            bars={weighed.map(({ course, grams }) => ({
              label: COURSES[course],
              value: grams,
              words: kilograms(grams),
            }))}
          />
        </Card>
      )}
      {estimated.length > 0 && (
        <Card title="Quota media avanzata, per portata" titleId="quota">
          <BarChart
            title="Quota media avanzata per portata"
            bars={estimated.map(({ course, share }) => ({
              label: COURSES[course],
              value: share ?? 0,
              words: `${share}%`,
            }))}
          />
        </Card>
      )}
    </div>
  )
}

function Lines({ rows }: { rows: readonly Leftover[] }) {
  const meals = byMeal(rows)
  return (
    <section aria-labelledby="misure">
      <h2 id="misure" className="mb-3 text-2xl">
        Le misure
      </h2>
      <Card flush>
        <Table
          stacks
          caption={
            meals.length > MOST_MEALS
              ? `Misure: ${rows.length}; qui quelle degli ultimi ${MOST_MEALS} pasti, tutte nel file per Excel`
              : `Misure: ${rows.length}`
          }
        >
          <thead>
            <tr>
              <th scope="col">Giorno</th>
              <th scope="col">Scuola</th>
              <th scope="col">Classe</th>
              <th scope="col">Avanzi, per portata</th>
            </tr>
          </thead>
          <tbody>
            {meals.slice(0, MOST_MEALS).map(({ id, day, schoolName, className, amounts }) => (
              <tr key={id}>
                <th scope="row" className="font-normal">
                  {numericDay(day)}
                </th>
                <td>{schoolName}</td>
                <td>{className ?? 'tutta la scuola'}</td>
                <td>
                  <ul className="flex flex-wrap gap-x-4">
                    {amounts.map((amount) => (
                      <li key={amount.id}>
                        {COURSES[amount.course]}{' '}
                        <strong className="whitespace-nowrap text-ink">{amountInWords(amount)}</strong>
                      </li>
                    ))}
                  </ul>
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Card>
    </section>
  )
}

export default async function Leftovers({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, typed] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const asked = readLeftoverFilter(typed)
  const page = await readLeftovers(viewer, asked)
  if (!page) notFound()
  const school = page.schools.find(({ id }) => id === asked.schoolId) ?? page.schools[0]
  const path = `/admin/${municipalitySlug}/menu/avanzi`
  const query = new URLSearchParams(
    Object.entries({ scuola: asked.schoolId, dal: asked.from, al: asked.to }).flatMap(([name, value]) =>
      value ? [[name, value]] : [],
    ),
  )
  return (
    <>
      <Breadcrumb items={[{ label: 'Menù', href: `/admin/${municipalitySlug}/menu` }, { label: 'Avanzi' }]} />
      <Done sentences={MENU_DONE} code={typed.fatto} />
      <PageHeading
        title="Avanzi"
        lead="Quanto resta nei piatti, pesato o stimato: serve a cambiare il menù e a sprecare meno."
        actions={
          <>
            <ButtonLink
              href={`${path}/csv${query.size > 0 ? `?${query}` : ''}`}
              look="secondary"
              icon="download"
              download
            >
              Scarica per Excel (CSV)
            </ButtonLink>
            <PrintButton />
          </>
        }
      />
      <form
        action={path}
        className="mb-6 grid grid-cols-2 items-end gap-4 max-sm:[&>:first-child]:col-span-2 max-sm:[&>:last-child]:col-span-2 sm:grid-cols-[2fr_1fr_1fr_auto] print:hidden"
      >
        <SelectField name="scuola" label="Scuola" defaultValue={asked.schoolId ?? ''}>
          <option value="">Tutte</option>
          {page.schools.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <Field name="dal" type="date" label="Dal" defaultValue={asked.from ?? ''} />
        <Field name="al" type="date" label="Al" defaultValue={asked.to ?? ''} />
        <Button icon="search">Mostra</Button>
      </form>
      <div className="grid items-start gap-8 lg:grid-cols-2 *:min-w-0">
        <div className="grid gap-6">
          {page.rows.length === 0 ? (
            <EmptyState icon="trash-2" title="Nessuna misura in questo periodo" />
          ) : (
            <Sums rows={page.rows} />
          )}
        </div>
        {school && (
          <div className="print:hidden">
            <Card title={`Aggiungi: ${school.name}`} titleId="aggiungi">
              {asked.schoolId === null && page.schools.length > 1 && (
                <p className="mb-4">Per un’altra scuola, sceglila qui sopra e premi Mostra.</p>
              )}
              <LeftoverForm
                municipalitySlug={municipalitySlug}
                day={parseDay(typed.giorno) ?? page.today}
                today={page.today}
                school={school}
                action={keepLeftovers}
              />
            </Card>
          </div>
        )}
      </div>
      {page.rows.length > 0 && (
        <div className="mt-6">
          <Fold label="Le misure">
            <Lines rows={page.rows} />
          </Fold>
        </div>
      )}
    </>
  )
}
