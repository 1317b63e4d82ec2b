import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table } from '#components/ui/table.tsx'
import { monthName } from '#lib/day.ts'
import type { PublicMonth, PublicNumber } from '#lib/figures/figures.ts'

const NUMBER = new Intl.NumberFormat('it-IT')

function Cell({ value, strong = false }: { value: PublicNumber; strong?: boolean }) {
  return (
    <td className={`text-end ${strong ? 'font-semibold' : ''}`}>
      {value === null ? <span className="text-muted">non mostrato</span> : NUMBER.format(value)}
    </td>
  )
}

/** Meals served and cancelled, one table for each month. */
export function FiguresTable({ months }: { months: readonly PublicMonth[] }) {
  if (months.length === 0)
    return (
      <EmptyState icon="chart-column" title="Non ci sono ancora numeri">
        <p>Compariranno dopo il primo giorno di mensa.</p>
      </EmptyState>
    )
  return months.map(({ month, schools, meals, absent }) => (
    <section
      key={month}
      aria-labelledby={month}
      data-surface
      className="rounded-lg border border-line bg-white shadow-low"
    >
      <h2 id={month} className="mt-0! px-4 py-3 text-xl! first-letter:uppercase">
        {monthName(month)}
      </h2>
      <Table caption={`Pasti di ${monthName(month)} per scuola`} captionHidden>
        <thead>
          <tr>
            <th scope="col">Scuola</th>
            <th scope="col" className="text-end!">
              Giorni di mensa
            </th>
            <th scope="col" className="text-end!">
              Pasti serviti
            </th>
            <th scope="col" className="text-end!">
              Pasti disdetti
            </th>
          </tr>
        </thead>
        <tbody>
          {schools.map((school) => (
            <tr key={school.schoolId}>
              <th scope="row" className="font-normal">
                {school.schoolName}
              </th>
              <td className="text-end">{school.serviceDays}</td>
              <Cell value={school.meals} />
              <Cell value={school.absent} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Tutte</th>
            <td />
            <Cell value={meals} strong />
            <Cell value={absent} strong />
          </tr>
        </tfoot>
      </Table>
    </section>
  ))
}
