import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table } from '#components/ui/table.tsx'
import { type MealFigures, sumByMonth } from '#lib/figures/figures.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { monthName } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { italian, plural } from '#lib/words/language.ts'
import { BarChart } from './bar-chart.tsx'

export type Figures = {
  meals: MealFigures[]
  enrolled: { schoolName: string; pupils: number }[]
  households: number
  creditCents: Cents
  debtCents: Cents
  indebted: number
  topUps: { month: string; count: number; cents: Cents }[]
}

const NUMBER = new Intl.NumberFormat('it-IT')

function Tile({ term, children, note }: { term: string; children: ReactNode; note?: string }) {
  return (
    <div data-surface className="rounded-lg border border-line bg-white p-5 shadow-low">
      <dt className="text-muted">{term}</dt>
      <dd className="mt-1 text-3xl font-semibold text-ink">{children}</dd>
      {note && <dd className="text-sm text-muted">{note}</dd>}
    </div>
  )
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '0%' : `${((part / whole) * 100).toFixed(1).replace('.', ',')}%`

function MealsTable({ meals }: { meals: readonly MealFigures[] }) {
  return (
    <Table caption="Pasti per mese e scuola">
      <thead>
        <tr>
          <th scope="col">Mese</th>
          <th scope="col">Scuola</th>
          {['Giorni', 'Serviti', 'Disdetti', 'Disdetti su prenotati'].map((label) => (
            <th key={label} scope="col" className="text-end!">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {meals.map((row) => (
          <tr key={row.month + row.schoolId}>
            <td>{monthName(row.month)}</td>
            <th scope="row" className="font-normal">
              {row.schoolName}
            </th>
            <td className="text-end">{row.serviceDays}</td>
            <td className="text-end">{NUMBER.format(row.meals)}</td>
            <td className="text-end">{NUMBER.format(row.absent)}</td>
            <td className="text-end">{share(row.absent, row.meals + row.absent)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

/** The municipality's numbers, to read: sums only. */
export function OfficeFiguresView({ figures }: { figures: Figures }) {
  const months = sumByMonth(figures.meals)
  const pupils = figures.enrolled.reduce((sum, school) => sum + school.pupils, 0)
  const [latest] = months
  return (
    <div className="grid gap-8">
      <dl className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <Tile
          term="Alunni iscritti oggi"
          note={italian(plural('{n} nucleo familiare', '{n} nuclei familiari'), { n: figures.households })}
        >
          {NUMBER.format(pupils)}
        </Tile>
        <Tile
          term={latest ? `Pasti di ${monthName(latest.month)}` : 'Pasti del mese'}
          note={latest ? `${share(latest.absent, latest.meals + latest.absent)} disdetti` : undefined}
        >
          {NUMBER.format(latest?.meals ?? 0)}
        </Tile>
        <Tile term="Credito delle famiglie" note="Pasti già pagati e non ancora consumati">
          {formatEuro(figures.creditCents)}
        </Tile>
        <Tile
          term="Da incassare"
          note={italian(plural('{n} conto sotto zero', '{n} conti sotto zero'), { n: figures.indebted })}
        >
          {formatEuro(figures.debtCents)}
        </Tile>
      </dl>
      {months.length === 0 ? (
        <EmptyState icon="chart-column" title="Non ci sono ancora pasti">
          <p>I numeri compaiono dopo la chiusura del primo giorno di mensa.</p>
        </EmptyState>
      ) : (
        <>
          <Card title="Pasti serviti per mese" titleId="pasti-mese">
            <BarChart
              title="Pasti serviti"
              bars={[...months].reverse().map((month) => ({
                label: monthName(month.month),
                value: month.meals,
                words: NUMBER.format(month.meals),
              }))}
            />
          </Card>
          <Card flush>
            <MealsTable meals={figures.meals} />
          </Card>
        </>
      )}
      <div className="grid gap-8 lg:grid-cols-2">
        <Card flush>
          <Table caption="Iscritti oggi per scuola">
            <thead>
              <tr>
                <th scope="col">Scuola</th>
                <th scope="col" className="text-end!">
                  Alunni
                </th>
              </tr>
            </thead>
            <tbody>
              {figures.enrolled.map((school) => (
                <tr key={school.schoolName}>
                  <th scope="row" className="font-normal">
                    {school.schoolName}
                  </th>
                  <td className="text-end">{NUMBER.format(school.pupils)}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Card>
        <Card flush>
          <Table caption="Ricariche pagate per mese">
            <thead>
              <tr>
                <th scope="col">Mese</th>
                <th scope="col" className="text-end!">
                  Ricariche
                </th>
                <th scope="col" className="text-end!">
                  Importo
                </th>
              </tr>
            </thead>
            <tbody>
              {figures.topUps.map((month) => (
                <tr key={month.month}>
                  <th scope="row" className="font-normal">
                    {monthName(month.month)}
                  </th>
                  <td className="text-end">{NUMBER.format(month.count)}</td>
                  <td className="text-end">{formatEuro(month.cents)}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Card>
      </div>
    </div>
  )
}
