import 'server-only'
import { sql } from 'kysely'
import { asFamily, asPublic, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { readAsFamily } from '#db/reading.ts'
import { enterSubject } from '#db/subjects.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { heldHouseholds } from '#lib/access/own-pupils.ts'
import { familyScope, isInScope } from '#lib/access/pupil-scope.queries.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { shortLived } from '#lib/kernel/ttl-cache.ts'
import { COMMON_DIET, UNDECIDED_DIET } from '#lib/school/diet.ts'
import { heldPupils, SERVED } from '#lib/school/diet-hold.queries.ts'
import { type Allergen, inAnnexOrder } from './allergen.ts'
import {
  type DayMenu,
  dayMenu,
  dishEatenBy,
  type MenuBook,
  type MenuChange,
  type PublishedMenu,
  type SchoolWeek,
} from './day-menu.ts'
import type { Course, Dish } from './dish.ts'
import { judgeRating, RATING_DAYS, type RatingFigure, type Score, SMALLEST_ANSWERS } from './rating.ts'
import type { Replacements, Rotation } from './rotation.ts'
import { withSlugs } from './slugs.ts'

/** A school or a diet with its name in an address. */
export type Named = { name: string; slug: string }

export type MunicipalityMenus = MenuBook & {
  today: Day
  schools: (Named & { id: string })[]
  /** Diets that the published menus write something for; the common one is not among them. */
  diets: (Named & { code: string })[]
  /** When anything here last changed; null while nothing was published. */
  updatedAt: Date | null
}

const FRESH_SECONDS = 1
/** One-day changes older than this are history. */
const CHANGES_KEPT_DAYS = 60

type DishRow = {
  id: string
  name: string
  course: Course
  ingredients: string
  allergens: Allergen[] | null
  unsuited_diets: string[]
}

/** A row of `dish` as the rules know it. */
export const dishFrom = (row: DishRow): Dish => ({
  id: row.id,
  name: row.name,
  course: row.course,
  ingredients: row.ingredients,
  allergens: row.allergens === null ? null : inAnnexOrder(row.allergens),
  unsuitedDiets: row.unsuited_diets,
})

/**
 * The codes of the diets that do not eat a dish `d`: those named on it, those that avoid an allergen that it declares, and
 * those that join one of either.
 */
export const unsuitedDiets = (municipalityId: string) => sql<string[]>`(
  select coalesce(array_agg(t.code order by t.code), '{}') from diet t
  where t.municipality_id = ${municipalityId} and (t.code = any(d.unsuited_diets) or t.allergens && d.allergens
    or exists (select from diet part where part.municipality_id = ${municipalityId} and part.code = any(t.parts)
      and (part.code = any(d.unsuited_diets) or part.allergens && d.allergens))))`

/** Every dish of a municipality, archived ones too: menus of the past still name them. */
export async function allDishes(trx: Trx, municipalityId: string): Promise<Map<string, Dish>> {
  const rows = await trx
    .selectFrom('dish as d')
    .select(['d.id', 'd.name', 'd.course', 'd.ingredients', 'd.allergens'])
    .select(unsuitedDiets(municipalityId).as('unsuited_diets'))
    .where('d.municipality_id', '=', municipalityId)
    .execute()
  return new Map(rows.map((row) => [row.id, dishFrom(row)]))
}

async function publishedMenus(trx: Trx, municipalityId: string): Promise<PublishedMenu[]> {
  const published = trx
    .selectFrom('menu as m')
    .innerJoin('menu_version as v', (join) =>
      join
        .on('v.municipality_id', '=', municipalityId)
        .onRef('v.menu_id', '=', 'm.id')
        .onRef('v.number', '=', 'm.published_version'),
    )
    .select(['m.id', 'm.published_at', 'v.name', 'v.starts_on', 'v.ends_on', 'v.weeks', 'v.first_week'])
    .select(['v.school_ids', 'v.rotation', 'v.replacements'])
    .where('m.municipality_id', '=', municipalityId)
    .where('m.withdrawn_at', 'is', null)
    .orderBy('v.starts_on')
  const [, rows] = await Promise.all([enterSubject(trx, 'menus'), published.execute()])
  return rows.map((row) => ({
    id: row.id,
    publishedAt: row.published_at as Date,
    name: row.name,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    weeks: row.weeks,
    firstWeek: row.first_week,
    schoolIds: row.school_ids,
    rotation: row.rotation as Rotation,
    replacements: row.replacements as Replacements,
  }))
}

async function changesFrom(trx: Trx, municipalityId: string, from: Day): Promise<MenuChange[]> {
  const rows = await trx
    .selectFrom('menu_change')
    .select(['school_id', 'day', 'dish_id', 'new_dish_id', 'replacements', 'reason', 'announced_at'])
    .where('municipality_id', '=', municipalityId)
    .where('withdrawn_at', 'is', null)
    .where('day', '>=', from)
    .orderBy('day')
    .execute()
  return rows.map((row) => ({
    schoolId: row.school_id,
    day: row.day,
    dishId: row.dish_id,
    newDishId: row.new_dish_id,
    replacements: row.replacements as MenuChange['replacements'],
    reason: row.reason,
    announcedAt: row.announced_at,
  }))
}

/** When each school has lunch, in every year of the active service. */
export async function schoolWeeks(trx: Trx, municipalityId: string): Promise<SchoolWeek[]> {
  const { rows } = await sql<SchoolWeek>`
    select w.school_id as "schoolId", w.weekdays, w.starts_on as "from", coalesce(w.next_from - 1, w.ends_on) as "to"
    from service_schedule w
    join service s on s.municipality_id = ${municipalityId} and s.id = w.service_id and s.active
    where w.municipality_id = ${municipalityId}
    union all
    select w.school_id as "schoolId", w.next_weekdays as weekdays, w.next_from as "from", w.ends_on as "to"
    from service_schedule w
    join service s on s.municipality_id = ${municipalityId} and s.id = w.service_id and s.active
    where w.municipality_id = ${municipalityId} and w.next_from is not null
    order by "from"`.execute(trx)
  return rows
}

/** The book as this transaction sees it, without the second of cache: for what decides on it. */
export async function readBook(trx: Trx, municipalityId: string): Promise<MunicipalityMenus> {
  const { today } = await readClock(trx)
  const [schools, diets, weeks, closures, menus, changes, dishes, touched] = await Promise.all([
    trx
      .selectFrom('school')
      .select(['id', 'name'])
      .where('municipality_id', '=', municipalityId)
      .orderBy('kind')
      .orderBy('name')
      .execute(),
    trx
      .selectFrom('diet')
      .select(['code', 'name'])
      .where('municipality_id', '=', municipalityId)
      .where('code', 'not in', [COMMON_DIET, UNDECIDED_DIET])
      .orderBy('name')
      .execute(),
    schoolWeeks(trx, municipalityId),
    sql<{ schoolId: string | null; day: Day; reason: string }>`
      select x.school_id as "schoolId", x.day, x.reason from closure x
      join service s on s.municipality_id = ${municipalityId} and s.id = x.service_id and s.active
      where x.municipality_id = ${municipalityId} and x.undone_at is null`.execute(trx),
    publishedMenus(trx, municipalityId),
    changesFrom(trx, municipalityId, addDays(today, -CHANGES_KEPT_DAYS)),
    allDishes(trx, municipalityId),
    sql<{ at: Date | null }>`
      select greatest((select max(published_at) from menu where municipality_id = ${municipalityId}),
        (select max(greatest(announced_at, withdrawn_at)) from menu_change where municipality_id = ${municipalityId}),
        (select max(updated_at) from dish where municipality_id = ${municipalityId})) as at`.execute(trx),
  ])
  const named = new Set(
    menus.flatMap((menu) => Object.values(menu.replacements).flatMap((instead) => Object.keys(instead))),
  )
  const served = new Set(weeks.map((week) => week.schoolId))
  return {
    today,
    schools: withSlugs(schools.filter(({ id }) => served.has(id))),
    diets: withSlugs(diets).filter(({ code }) => named.has(code)),
    schoolWeeks: weeks,
    closures: closures.rows,
    menus,
    changes,
    dishes,
    updatedAt: menus.length > 0 ? (touched.rows[0]?.at ?? null) : null,
  }
}

const cachedBook = shortLived(FRESH_SECONDS, (municipalityId: string) =>
  asPublic(municipalityId, (trx) => readBook(trx, municipalityId)),
)

/** Everything that anyone may know of a municipality's menus, a second old at most. */
export async function municipalityMenus(municipality: { id: string }): Promise<MunicipalityMenus> {
  const book = await cachedBook(municipality.id)
  if (!book) throw new Error('a municipality always has a book of menus, empty at worst')
  return book
}

/** A child with the school and the diet of a day, as the family's menu needs them. */
type Eater = {
  pupilId: string
  givenName: string
  schoolId: string
  schoolName: string
  dietCode: string
  /** Another diet is asked for and not decided yet. */
  asked: boolean
}

async function eatersOn(trx: Trx, viewer: Viewer, day: Day | null): Promise<Eater[]> {
  const { rows } = await sql<Eater>`
    select p.id as "pupilId", p.given_name as "givenName", e.school_id as "schoolId", s.name as "schoolName",
      ${SERVED.dietCode} as "dietCode", ${SERVED.asked} as asked
    from pupil p
    join enrolment e on e.municipality_id = ${viewer.municipalityId} and e.pupil_id = p.id
      and coalesce(${day}::date, app_today()) between e.valid_from and e.valid_to
    join service v on v.municipality_id = ${viewer.municipalityId} and v.id = e.service_id and v.active
    join school s on s.municipality_id = ${viewer.municipalityId} and s.id = e.school_id
    left join ${heldPupils(viewer.municipalityId, sql`select coalesce(${day}::date, app_today()) as day`)} on held.pupil_id = p.id
    where p.municipality_id = ${viewer.municipalityId} and ${isInScope('p', familyScope(viewer))}
    order by p.household_id, p.birth_date, p.given_name, p.id`.execute(trx)
  return rows
}

export type MealToRate = {
  serviceDayId: string
  day: Day
  dishes: { id: string; name: string }[]
  /** What was said already: a score by dish id, and words. */
  scores: Record<string, Score>
  comment: string
  changedAt: Date | null
}

export type ChildMenu = {
  pupilId: string
  givenName: string
  schoolId: string
  schoolName: string
  /** `name` is for the holder only: a delegate does not learn what a code means. Null for the common diet. */
  diet: { code: string; name: string | null } | null
  /** Another diet than `diet` is asked for and not decided yet. */
  asked: boolean
  days: { day: Day; menu: DayMenu }[]
  /** Meals of the last days that the family may rate, the latest first. */
  toRate: MealToRate[]
  /** What the families of the school think, where the office shows it: by dish id. */
  opinions: Map<string, RatingFigure>
}

export type FamilyMenus = { today: Day; children: ChildMenu[] }

/**
 * The viewer's children, each with the menu of some days marked against the own diet, and the meals to rate.
 * Reading what a diet is called is written in the register.
 * @param days what to show; the database's today where it is null
 */
export async function familyMenus(viewer: Viewer, days: (today: Day) => Day[]): Promise<FamilyMenus | null> {
  if (!allowedToFamily(viewer, 'meals:read')) return null
  const book = await municipalityMenus({ id: viewer.municipalityId })
  const holds = heldHouseholds(viewer)
  return asFamily(viewer, async (trx) => {
    const [eaters, meals, opinions, diets] = await Promise.all([
      eatersOn(trx, viewer, null),
      mealsToRate(trx, viewer),
      ratingFigures(trx, viewer.municipalityId),
      sql<{ pupilId: string; name: string }>`
        select e.pupil_id as "pupilId", d.name from enrolment e
        join pupil p on p.municipality_id = ${viewer.municipalityId} and p.id = e.pupil_id and p.household_id = any(${holds}::uuid[])
        join diet d on d.municipality_id = ${viewer.municipalityId} and d.code = e.diet_code
        where e.municipality_id = ${viewer.municipalityId} and e.diet_code <> ${COMMON_DIET}
          and app_today() between e.valid_from and e.valid_to`.execute(trx),
    ])
    const named = new Map(diets.rows.map((row) => [row.pupilId, row.name]))
    if (named.size > 0)
      await Promise.all(
        holds.map((objectId) =>
          recordAudit(trx, viewer, { action: 'diet.read', objectType: 'household', objectId }),
        ),
      )
    return {
      today: book.today,
      children: eaters.map((eater) => ({
        pupilId: eater.pupilId,
        givenName: eater.givenName,
        schoolId: eater.schoolId,
        schoolName: eater.schoolName,
        diet:
          eater.dietCode === COMMON_DIET
            ? null
            : { code: eater.dietCode, name: named.get(eater.pupilId) ?? null },
        asked: eater.asked,
        days: days(book.today).map((day) => ({
          day,
          menu: dayMenu(book, eater.schoolId, day, eater.dietCode),
        })),
        toRate: meals
          .filter((meal) => meal.pupilId === eater.pupilId)
          .map((meal) => rateable(meal, book))
          .filter((meal) => meal.dishes.length > 0),
        opinions: new Map(
          opinions.filter((row) => row.schoolId === eater.schoolId).map((row) => [row.dishId, row]),
        ),
      })),
    }
  })
}

type MealRow = {
  pupilId: string
  givenName: string
  serviceDayId: string
  schoolId: string
  day: Day
  today: Day
  status: 'open' | 'closed' | 'suspended'
  dietCode: string
  absent: boolean
  comment: string | null
  changedAt: Date | null
  scores: Record<string, Score> | null
}

function rateable(meal: MealRow, book: MenuBook): MealToRate {
  const menu = dayMenu(book, meal.schoolId, meal.day, meal.dietCode)
  const dishes = menu.kind === 'served' ? menu.lines.flatMap((line) => dishEatenBy(line) ?? []) : []
  return {
    serviceDayId: meal.serviceDayId,
    day: meal.day,
    // The bread of every day is not rated.
    dishes: dishes.filter(({ course }) => course !== 'pane').map(({ id, name }) => ({ id, name })),
    scores: meal.scores ?? {},
    comment: meal.comment ?? '',
    changedAt: meal.changedAt,
  }
}

/** The meals of the last days of the viewer's children, with what was said of them. */
async function mealRows(trx: Trx, viewer: Viewer, serviceDayId: string | null): Promise<MealRow[]> {
  const { rows } = await sql<MealRow>`
    select p.id as "pupilId", p.given_name as "givenName", d.id as "serviceDayId", d.school_id as "schoolId", d.day, app_today() as today, d.status,
      e.diet_code as "dietCode", a.pupil_id is not null as absent, r.comment, r.changed_at as "changedAt",
      (select jsonb_object_agg(s.dish_id, s.score) from meal_rating_dish s where s.municipality_id = ${viewer.municipalityId}
        and s.pupil_id = p.id and s.service_day_id = d.id) as scores
    from pupil p
    join enrolment e on e.municipality_id = ${viewer.municipalityId} and e.pupil_id = p.id
    join service_day d on d.municipality_id = ${viewer.municipalityId} and d.service_id = e.service_id and d.school_id = e.school_id
      and d.day between e.valid_from and e.valid_to and eats_on(e.weekdays, d.day)
    left join absence a on a.municipality_id = ${viewer.municipalityId} and a.service_day_id = d.id and a.pupil_id = p.id
    left join meal_rating r on r.municipality_id = ${viewer.municipalityId} and r.service_day_id = d.id and r.pupil_id = p.id
    where p.municipality_id = ${viewer.municipalityId} and ${isInScope('p', familyScope(viewer))}
      and ${serviceDayId ? sql`d.id = ${serviceDayId}::uuid` : sql`d.day between app_today() - ${RATING_DAYS}::int and app_today()`}
    order by d.day desc`.execute(trx)
  return rows
}

const mealsToRate = async (trx: Trx, viewer: Viewer): Promise<MealRow[]> =>
  (await mealRows(trx, viewer, null)).filter((meal) => judgeRating({ ...meal, enrolled: true }).ok)

/** A meal that the viewer may rate now, with its dishes and what was said; null when there is none such. */
export async function mealForRating(
  viewer: Viewer,
  pupilId: string,
  serviceDayId: string,
): Promise<{ givenName: string; meal: MealToRate } | null> {
  if (!allowedToFamily(viewer, 'meals:rate')) return null
  const book = await municipalityMenus({ id: viewer.municipalityId })
  return readAsFamily(viewer, async (trx) => {
    const row = await mealToJudge(trx, viewer, pupilId, serviceDayId)
    if (!row || !judgeRating({ ...row, enrolled: true }).ok) return null
    const meal = rateable(row, book)
    return meal.dishes.length === 0 ? null : { givenName: row.givenName, meal }
  })
}

/** One meal of one of the viewer's children, for the command that rates it; null when there is none such. */
export async function mealToJudge(trx: Trx, viewer: Viewer, pupilId: string, serviceDayId: string) {
  const row = (await mealRows(trx, viewer, serviceDayId)).find((meal) => meal.pupilId === pupilId)
  return row ?? null
}

/** The dishes that a child found on the plate at a meal. */
export const dishesOfMeal = (meal: MealRow, book: MenuBook): string[] =>
  rateable(meal, book).dishes.map(({ id }) => id)

export type DishOpinion = RatingFigure & { schoolId: string; dishId: string }

/** Sums of the running school year; what is too small, or not for this reader, is not among them. */
export async function ratingFigures(trx: Trx, municipalityId: string): Promise<DishOpinion[]> {
  const { rows } = await sql<DishOpinion>`
    select f.school_id as "schoolId", f.dish_id as "dishId", f.answers, f.liked, f.so_so as "soSo", f.not_eaten as "notEaten"
    from meal_rating_figures(
      (select max(starts_on) from school_year where municipality_id = ${municipalityId} and starts_on <= app_today()),
      ${SMALLEST_ANSWERS}) f`.execute(trx)
  return rows
}
