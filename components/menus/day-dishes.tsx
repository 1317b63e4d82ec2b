import { Said } from '#components/language/said.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { ALLERGENS } from '#lib/menus/allergen.ts'
import type { DayMenu, DishLine } from '#lib/menus/day-menu.ts'
import { COURSES, type Dish } from '#lib/menus/dish.ts'
import { fill } from '#lib/words/fill.ts'
import { inARow } from '#lib/words/list.ts'
import { written } from '#lib/words/written.ts'
import { useWords } from '#words'

/** "Allergeni: latte e lattosio, uova." In words, always; a dish without declared allergens says so. */
function Allergens({ dish }: { dish: Pick<Dish, 'allergens'> }) {
  const t = useWords()
  if (dish.allergens === null)
    return <p className="text-sm text-warning">{t('Allergeni non ancora dichiarati: chiedi al gestore.')}</p>
  if (dish.allergens.length === 0)
    return <p className="text-sm text-muted">{t('Nessuno dei 14 allergeni.')}</p>
  const names = inARow(
    dish.allergens.map((code) => t(ALLERGENS[code])),
    t,
  )
  return <p className="text-sm text-muted">{t('Allergeni: {names}.', { names })}</p>
}

/** What is eaten of a line. A diet reads what comes, what it takes the place of, and whom to ask where nothing is written. */
function Served({ dish, forDiet }: DishLine) {
  const t = useWords()
  const planned = (
    <s key="planned" lang="it">
      {dish.name}
    </s>
  )
  if (forDiet.kind === 'same')
    return (
      <>
        <p lang="it" className="font-semibold text-ink">
          {dish.name}
        </p>
        <Allergens dish={dish} />
      </>
    )
  if (forDiet.kind === 'instead')
    return (
      <>
        <p className="text-ink">
          <Icon name="arrow-right" size="sm" className="me-1 text-info" />
          {fill(t('{instead} al posto di {planned}'), {
            instead: (
              <strong key="instead" lang="it">
                {forDiet.dish.name}
              </strong>
            ),
            planned,
          })}
        </p>
        <Allergens dish={forDiet.dish} />
      </>
    )
  if (forDiet.kind === 'without')
    return <p className="text-ink">{fill(t('Niente in sostituzione di {planned}'), { planned })}</p>
  return (
    <p className="text-warning">
      <Icon name="triangle-alert" size="sm" className="me-1" />
      {fill(t('{planned} non è per questa dieta e la sostituzione non è scritta: chiedi al gestore.'), {
        planned,
      })}
    </p>
  )
}

/** The dishes of a day, course by course; what a diet eats is written, never only drawn. */
export function DayDishes({ menu, liked = {} }: { menu: DayMenu; liked?: Readonly<Record<string, string>> }) {
  const t = useWords()
  if (menu.kind === 'closed')
    return (
      <p className="text-ink">
        <Said text={t('Mensa chiusa: {reason}.', { reason: written(menu.reason) })} />
      </p>
    )
  if (menu.kind === 'unplanned')
    return <p className="text-muted">{t('In questo giorno la mensa non c’è.')}</p>
  if (menu.kind === 'unpublished') return <p className="text-muted">{t('Menù non ancora pubblicato.')}</p>
  return (
    <dl className="grid gap-2.5 print:gap-1.5">
      {menu.lines.map((line) => (
        <div key={line.dish.id}>
          <dt className="text-xs font-semibold text-muted uppercase">{t(COURSES[line.dish.course])}</dt>
          <dd>
            <Served {...line} />
            {line.changed && (
              <p className="text-sm font-semibold text-warning">
                {fill(t('Cambio di menù: era {planned}. {reason}.'), {
                  planned: (
                    <s key="planned" lang="it">
                      {line.changed.from.name}
                    </s>
                  ),
                  reason: (
                    <span key="reason" lang="it">
                      {line.changed.reason}
                    </span>
                  ),
                })}
              </p>
            )}
            {liked[line.dish.id] && (
              <p className="text-sm text-success print:hidden">{liked[line.dish.id]}</p>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
