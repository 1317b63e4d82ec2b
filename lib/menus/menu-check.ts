import { COMMON_DIET } from '#lib/school/diet.ts'
import type { Dish } from './dish.ts'
import { cellKey, dishesIn, type MenuPlan } from './rotation.ts'

/** Something that must be put right before a menu is published. */
export type MenuFinding =
  | { kind: 'empty-day'; week: number; weekday: number }
  | { kind: 'no-allergens'; dishId: string; dishName: string }
  | { kind: 'no-replacement'; dishId: string; dishName: string; diet: string }
  | { kind: 'unsuited-replacement'; dishId: string; dishName: string; diet: string }
  | { kind: 'gone-dish'; week: number; weekday: number }

/**
 * Whether a menu may be published: every served day has dishes, every dish its allergens declared, and every diet that does
 * not eat a dish has something written in its place.
 * @param weekdays on which the menu's schools have lunch
 * @param dishes the dishes that may be served, by id
 */
export function checkMenu(
  plan: Pick<MenuPlan, 'weeks' | 'rotation' | 'replacements'>,
  weekdays: readonly number[],
  dishes: ReadonlyMap<string, Dish>,
): MenuFinding[] {
  const findings: MenuFinding[] = []
  for (let week = 1; week <= plan.weeks; week += 1) {
    for (const weekday of weekdays) {
      const ids = plan.rotation[cellKey(week, weekday)] ?? []
      if (ids.length === 0) findings.push({ kind: 'empty-day', week, weekday })
      if (ids.some((id) => !dishes.has(id))) findings.push({ kind: 'gone-dish', week, weekday })
    }
  }
  const served = dishesIn(plan.rotation).flatMap((id) => dishes.get(id) ?? [])
  const replacing = served.flatMap((dish) =>
    Object.values(plan.replacements[dish.id] ?? {}).flatMap((id) => (id && dishes.get(id)) || []),
  )
  for (const dish of new Set([...served, ...replacing])) {
    if (dish.allergens === null) findings.push({ kind: 'no-allergens', dishId: dish.id, dishName: dish.name })
  }
  for (const dish of served) findings.push(...replacementFindings(dish, plan, dishes))
  return findings
}

function replacementFindings(
  dish: Dish,
  plan: Pick<MenuPlan, 'replacements'>,
  dishes: ReadonlyMap<string, Dish>,
): MenuFinding[] {
  return dish.unsuitedDiets
    .filter((diet) => diet !== COMMON_DIET)
    .flatMap((diet): MenuFinding[] => {
      const at = { dishId: dish.id, dishName: dish.name, diet }
      const instead = plan.replacements[dish.id]?.[diet]
      if (instead === null) return []
      const replacement = instead === undefined ? undefined : dishes.get(instead)
      if (!replacement) return [{ kind: 'no-replacement', ...at }]
      return replacement.unsuitedDiets.includes(diet) ? [{ kind: 'unsuited-replacement', ...at }] : []
    })
}
