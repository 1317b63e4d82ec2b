import { Icon } from '#components/ui/icon.tsx'
import { ALLERGENS } from '#lib/menus/allergen.ts'
import type { DayMenu, MenuLine } from '#lib/menus/day-menu.ts'
import { COURSES, type Dish } from '#lib/menus/dish.ts'

/** "Allergeni: latte e lattosio, uova." In words, always; a dish of which nobody declared them says so. */
export function Allergens({ dish }: { dish: Pick<Dish, 'allergens'> }) {
  if (dish.allergens === null)
    return <p className="text-sm text-warning">Allergeni non ancora dichiarati: chiedi al gestore.</p>
  if (dish.allergens.length === 0) return <p className="text-sm text-muted">Nessuno dei 14 allergeni.</p>
  return (
    <p className="text-sm text-muted">
      Allergeni: {dish.allergens.map((code) => ALLERGENS[code]).join(', ')}.
    </p>
  )
}

function Served({ line, dietName }: { line: MenuLine; dietName: string | null }) {
  const { dish, forDiet } = line
  if (forDiet.kind === 'same')
    return (
      <>
        <p className="font-semibold text-ink">{dish.name}</p>
        <Allergens dish={dish} />
      </>
    )
  const planned = (
    <span>
      {' '}
      al posto di <s>{dish.name}</s>
    </span>
  )
  if (forDiet.kind === 'instead')
    return (
      <>
        <p className="text-ink">
          <Icon name="arrow-right" size="sm" className="me-1 text-info" />
          <strong>{forDiet.dish.name}</strong>
          {planned}
          {dietName && <span className="sr-only"> per la dieta {dietName}</span>}
        </p>
        <Allergens dish={forDiet.dish} />
      </>
    )
  if (forDiet.kind === 'without')
    return (
      <p className="text-ink">
        Niente in sostituzione di <s>{dish.name}</s>
      </p>
    )
  return (
    <p className="text-warning">
      <Icon name="triangle-alert" size="sm" className="me-1" />
      <s>{dish.name}</s> non è per questa dieta e la sostituzione non è scritta: chiedi al gestore.
    </p>
  )
}

/** The dishes of a day, course by course; what a diet eats is written, never only drawn. */
export function DayDishes({ menu, dietName = null }: { menu: DayMenu; dietName?: string | null }) {
  if (menu.kind === 'closed') return <p className="text-ink">Mensa chiusa: {menu.reason}.</p>
  if (menu.kind === 'unplanned') return <p className="text-muted">In questo giorno la mensa non c’è.</p>
  if (menu.kind === 'unpublished') return <p className="text-muted">Menù non ancora pubblicato.</p>
  return (
    <dl className="grid gap-2.5 print:gap-1.5">
      {menu.lines.map((line) => (
        <div key={line.dish.id}>
          <dt className="text-xs font-semibold text-muted uppercase">{COURSES[line.dish.course]}</dt>
          <dd>
            <Served line={line} dietName={dietName} />
            {line.changed && (
              <p className="text-sm font-semibold text-warning">
                Cambio di menù: era <s>{line.changed.from.name}</s>. {line.changed.reason}.
              </p>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
