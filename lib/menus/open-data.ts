import type { Day } from '#lib/kernel/day.ts'
import type { Json } from '#lib/school/json-ld.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { ALLERGENS } from './allergen.ts'
import { type DayMenu, dayMenu, type ForDiet, type MenuBook } from './day-menu.ts'
import { COURSES, type Dish } from './dish.ts'

/** A week's dishes as search engines know a menu: names and courses, no claim about diets. */
export const menuJsonLd = (
  name: string,
  days: readonly { day: Day; menu: DayMenu }[],
  url: string,
): Json => ({
  '@context': 'https://schema.org',
  '@type': 'Menu',
  name,
  url,
  inLanguage: 'it',
  hasMenuSection: days.flatMap(({ day, menu }): Json[] =>
    menu.kind === 'served'
      ? [
          {
            '@type': 'MenuSection',
            name: longDayWithYear(day),
            hasMenuItem: menu.lines.map(
              ({ dish }): Json => ({
                '@type': 'MenuItem',
                name: dish.name,
                description: COURSES[dish.course],
              }),
            ),
          },
        ]
      : [],
  ),
})

const allergensOf = (dish: Dish): string[] | null => dish.allergens?.map((code) => ALLERGENS[code]) ?? null

const dishData = (dish: Dish) => ({
  piatto: dish.name,
  ingredienti: dish.ingredients || null,
  // Null: not declared yet. Empty: none of the fourteen.
  allergeni: allergensOf(dish),
})

type Asked = { days: readonly Day[]; schools: readonly { id: string; name: string }[] }
type Diets = readonly { code: string; name: string }[]

function insteadData(forDiet: ForDiet) {
  if (forDiet.kind === 'instead') return dishData(forDiet.dish)
  return { piatto: null, nota: forDiet.kind === 'without' ? 'senza sostituzione' : 'da chiedere al gestore' }
}

const STATES = { closed: 'chiusa', served: 'prevista', unpublished: 'menù non pubblicato' } as const

/** Every day and school of a period with its dishes, for a program; days without lunch are left out. */
export function menuData(book: MenuBook, { days, schools }: Asked, diets: Diets) {
  return days.flatMap((day) =>
    schools.flatMap((school) => {
      const menu = dayMenu(book, school.id, day)
      if (menu.kind === 'unplanned') return []
      const byDiet = diets.map((diet) => [diet.name, dayMenu(book, school.id, day, diet.code)] as const)
      return [
        {
          giorno: day,
          scuola: school.name,
          mensa: STATES[menu.kind],
          motivo: menu.kind === 'closed' ? menu.reason : null,
          piatti:
            menu.kind === 'served'
              ? menu.lines.map((line, index) => ({
                  portata: COURSES[line.dish.course],
                  ...dishData(line.dish),
                  al_posto_di: line.changed?.from.name ?? null,
                  motivo_del_cambio: line.changed?.reason ?? null,
                  diete: Object.fromEntries(
                    byDiet.flatMap(([name, own]) => {
                      const forDiet = own.kind === 'served' ? own.lines[index]?.forDiet : undefined
                      return forDiet && forDiet.kind !== 'same' ? [[name, insteadData(forDiet)]] : []
                    }),
                  ),
                }))
              : [],
        },
      ]
    }),
  )
}

/** The same as lines of a sheet, a dish each; text cells still have to be made harmless. */
export function menuRows(book: MenuBook, { days, schools }: Asked): string[][] {
  return days.flatMap((day) =>
    schools.flatMap((school) => {
      const menu = dayMenu(book, school.id, day)
      if (menu.kind === 'closed') return [[day, school.name, '', 'mensa chiusa', '', '', menu.reason]]
      if (menu.kind !== 'served') return []
      return menu.lines.map(({ dish, changed }) => [
        day,
        school.name,
        COURSES[dish.course],
        dish.name,
        dish.ingredients,
        dish.allergens === null ? 'non dichiarati' : allergensOf(dish)?.join(', ') || 'nessuno',
        changed ? `al posto di ${changed.from.name}: ${changed.reason}` : '',
      ])
    }),
  )
}

export const MENU_COLUMNS = ['giorno', 'scuola', 'portata', 'piatto', 'ingredienti', 'allergeni', 'nota']
