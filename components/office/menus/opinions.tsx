import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import { COURSES, type Course } from '#lib/menus/dish.ts'
import { type RatingFigure, shareOf } from '#lib/menus/rating.ts'

export type DishFigure = RatingFigure & { dishId: string; name: string; course: Course }

const FULL = 100

/** Shares of the three faces, a bar per dish; the table under it says the same in numbers. */
function Faces({ title, dishes }: { title: string; dishes: readonly DishFigure[] }) {
  return (
    <div
      role="img"
      aria-label={`${title}: quota di chi l’ha mangiato volentieri, così così, o non l’ha mangiato. I numeri sono nella tabella.`}
      className="grid gap-2 text-sm"
    >
      {dishes.map((dish) => {
        const liked = (dish.liked / dish.answers) * FULL
        const soSo = (dish.soSo / dish.answers) * FULL
        return (
          <div
            key={dish.dishId}
            className="grid grid-cols-[1fr_3rem] items-center gap-x-3 sm:grid-cols-[14rem_1fr_3rem]"
          >
            <span className="text-ink max-sm:col-span-2 sm:text-end">{dish.name}</span>
            <svg
              viewBox={`0 0 ${FULL} 10`}
              preserveAspectRatio="none"
              aria-hidden="true"
              className="h-5 w-full"
            >
              <rect width={liked} height={10} className="fill-success-strong" />
              <rect x={liked} width={soSo} height={10} className="fill-primary-light" />
              {/* Not less than nothing: three thirds of a float may come to a hair more than the whole. */}
              <rect
                x={liked + soSo}
                width={Math.max(0, FULL - liked - soSo)}
                height={10}
                className="fill-danger"
              />
            </svg>
            <strong className="text-ink">{shareOf(dish.liked, dish.answers)}%</strong>
          </div>
        )
      })}
    </div>
  )
}

/** More bars than these cannot be compared: the best, the worst, and all of them in the table. */
const MOST_BARS = 14

const ends = <T,>(list: readonly T[]): readonly T[] =>
  list.length <= MOST_BARS ? list : [...list.slice(0, MOST_BARS / 2), ...list.slice(-MOST_BARS / 2)]

/** What the families of a school think of its dishes: a drawing, and its table. */
export function SchoolOpinions({
  id,
  name,
  dishes,
}: {
  id: string
  name: string
  dishes: readonly DishFigure[]
}) {
  const shown = dishes.filter(({ course }) => course !== 'pane')
  return (
    <Card title={name} titleId={`scuola-${id}`}>
      {shown.length === 0 ? (
        <p>Ancora meno di cinque risposte per ogni piatto: i numeri piccoli non si mostrano a nessuno.</p>
      ) : (
        <>
          <p className="mb-3 flex flex-wrap gap-x-5 gap-y-1 text-sm">
            <Key className="bg-success-strong">Mi è piaciuto</Key>
            <Key className="bg-primary-light">Così così</Key>
            <Key className="bg-danger">Non l’ho mangiato</Key>
          </p>
          <Faces title={name} dishes={ends(shown)} />
          {shown.length > MOST_BARS && (
            <p className="mt-2 text-sm text-muted">
              I {MOST_BARS / 2} piatti più graditi e i {MOST_BARS / 2} meno graditi.
              <span className="print:hidden"> Gli altri sono nella tabella.</span>
            </p>
          )}
          <details className="mt-4 print:hidden">
            <summary className="min-h-11 font-semibold text-primary underline">Tabella dei dati</summary>
            <Table caption={`Giudizi: ${name}`}>
              <thead>
                <tr>
                  <th scope="col">Piatto</th>
                  <th scope="col">Portata</th>
                  <th scope="col">Risposte</th>
                  <th scope="col">Mi è piaciuto</th>
                  <th scope="col">Così così</th>
                  <th scope="col">Non l’ho mangiato</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((dish) => (
                  <tr key={dish.dishId}>
                    <th scope="row">{dish.name}</th>
                    <td>{COURSES[dish.course]}</td>
                    <td>{dish.answers}</td>
                    <td>{dish.liked}</td>
                    <td>{dish.soSo}</td>
                    <td>{dish.notEaten}</td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </details>
        </>
      )}
    </Card>
  )
}

const Key = ({ className, children }: { className: string; children: string }) => (
  <span className="inline-flex items-center gap-2">
    <span
      aria-hidden="true"
      className={`size-4 rounded border border-line-strong [print-color-adjust:exact] ${className}`}
    />
    {children}
  </span>
)
