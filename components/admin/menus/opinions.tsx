import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import { COURSES, type Course } from '#lib/menus/dish.ts'
import { type RatingFigure, shareOf } from '#lib/menus/rating.ts'

export type DishFigure = RatingFigure & { dishId: string; name: string; course: Course }

const [WIDTH, ROW, LABEL] = [640, 30, 250]

/** Shares of the three faces, a bar per dish; the table under it says the same in numbers. */
function Faces({ title, dishes }: { title: string; dishes: readonly DishFigure[] }) {
  const room = WIDTH - LABEL - 60
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${dishes.length * ROW}`}
      role="img"
      aria-label={`${title}: quota di chi l’ha mangiato volentieri, così così, o non l’ha mangiato. I numeri sono nella tabella.`}
      className="h-auto w-full max-w-3xl text-[13px]"
    >
      {dishes.map((dish, index) => {
        const top = index * ROW
        const liked = (dish.liked / dish.answers) * room
        const soSo = (dish.soSo / dish.answers) * room
        const not = (dish.notEaten / dish.answers) * room
        return (
          <g key={dish.dishId}>
            <text x={LABEL - 10} y={top + 19} textAnchor="end" className="fill-ink">
              {dish.name.length > 34 ? `${dish.name.slice(0, 33)}…` : dish.name}
            </text>
            <rect x={LABEL} y={top + 5} width={liked} height={ROW - 10} className="fill-success-strong" />
            <rect
              x={LABEL + liked}
              y={top + 5}
              width={soSo}
              height={ROW - 10}
              className="fill-primary-light"
            />
            <rect
              x={LABEL + liked + soSo}
              y={top + 5}
              width={not}
              height={ROW - 10}
              className="fill-danger"
            />
            <text x={LABEL + room + 8} y={top + 19} className="fill-ink font-semibold">
              {shareOf(dish.liked, dish.answers)}%
            </text>
          </g>
        )
      })}
    </svg>
  )
}

/** More bars than these nobody compares: the best, the worst, and all of them in the table. */
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
