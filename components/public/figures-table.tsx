import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table } from '#components/ui/table.tsx'
import type { PublicMonth, PublicNumber } from '#lib/figures/figures.ts'
import { monthName } from '#lib/words/format-day.ts'
import { formatNumber } from '#lib/words/format-number.ts'
import { useWords } from '#words'

function Cell({ value, strong = false }: { value: PublicNumber; strong?: boolean }) {
  const t = useWords()
  return (
    <td className={`text-end ${strong ? 'font-semibold' : ''}`}>
      {value === null ? (
        <span className="text-muted">{t('non mostrato')}</span>
      ) : (
        formatNumber(value, t.language)
      )}
    </td>
  )
}

/** Meals served and cancelled, one table for each month. */
export function FiguresTable({ months }: { months: readonly PublicMonth[] }) {
  const t = useWords()
  if (months.length === 0)
    return (
      <EmptyState icon="chart-column" title={t('Non ci sono ancora numeri')}>
        <p>{t('Compariranno dopo il primo giorno di mensa.')}</p>
      </EmptyState>
    )
  return months.map(({ month, schools, meals, absent }) => (
    <section
      key={month}
      aria-labelledby={month}
      data-surface
      className="rounded-lg border border-line bg-white shadow-low max-sm:text-sm max-sm:[&_td]:px-2! max-sm:[&_th]:px-2! max-sm:[&_th]:wrap-normal"
    >
      <h2 id={month} className="mt-0! px-4 py-3 text-xl! first-letter:uppercase">
        {monthName(month, t.language)}
      </h2>
      <Table
        caption={t('Pasti di {month} per scuola', { month: monthName(month, t.language) })}
        captionHidden
      >
        <thead>
          <tr>
            <th scope="col">{t('Scuola')}</th>
            <th scope="col" className="text-end!">
              {t('Giorni di mensa')}
            </th>
            <th scope="col" className="text-end!">
              {t('Pasti serviti')}
            </th>
            <th scope="col" className="text-end!">
              {t('Pasti disdetti')}
            </th>
          </tr>
        </thead>
        <tbody>
          {schools.map((school) => (
            <tr key={school.schoolId}>
              <th scope="row" lang="it" className="font-normal">
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
            <th scope="row">{t('Tutte')}</th>
            <td />
            <Cell value={meals} strong />
            <Cell value={absent} strong />
          </tr>
        </tfoot>
      </Table>
    </section>
  ))
}
