import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asFamily, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { readAsFamily } from '#db/reading.ts'
import { heldHouseholds } from '#lib/access/own-pupils.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import {
  type ChildPrice,
  childPrice,
  nextPriceAfter,
  type PriceVersion,
  priceOn,
} from '#lib/tariffs/price.ts'
import { childrenFares, tariffsOf } from '#lib/tariffs/tariff.queries.ts'
import { accountsOfHouseholds, type HouseholdAccount } from './account.queries.ts'
import { mealsIn, type Outlook, outlookOf, plannedMeals, withUncharged } from './balance.ts'
import { KIND_CHOICES, NO_FILTERS, type StatementFilters } from './statement.address.ts'
import type { Movement } from './statement.ts'

/** One service's balance, as its card shows it. */
export type BalanceCard = {
  accountId: string
  householdId: string
  householdName: string
  serviceName: string
  /** Something may be paid into it (`isServed`, account.queries.ts). */
  isServed: boolean
  balanceCents: Cents
  /** The instant of the reading, by the database's clock: the balance is that of this instant. */
  asOf: Date
  /** The full price of a meal today: what a top-up is a multiple of. */
  mealPriceCents: Cents
  /** The next full price, where one is decided. */
  nextPrice: PriceVersion | null
  /** What each child pays. */
  children: ChildPrice[]
  /** The least that a meal of the household costs today; zero when there is nothing to pay. */
  unitCents: Cents
  /** Meals that the balance pays, each child's at its own price of each day. */
  meals: number
  outlook: Outlook
  /** Meals that the kitchen counted and that are not charged yet: for a few seconds after the close. */
  uncharged: number
}

/** Movements of the glance. */
const LATEST = 5

/** The cards of *Stato contabile*, one per household and service; null for a viewer who is holder of no household. */
export async function balanceCards(viewer: Viewer): Promise<BalanceCard[] | null> {
  const households = heldHouseholds(viewer)
  if (households.length === 0) return null
  return readAsFamily(viewer, (trx) => cardsOf(trx, viewer, households))
}

export type MoneyOverview = {
  cards: BalanceCard[]
  /** The newest movements of the first account, for a glance. */
  latest: Movement[]
}

/** What *Stato contabile* shows, read in one transaction; null for a viewer who is holder of no household. */
export async function moneyOverview(viewer: Viewer): Promise<MoneyOverview | null> {
  const households = heldHouseholds(viewer)
  if (households.length === 0) return null
  return readAsFamily(viewer, async (trx) => {
    const cards = await cardsOf(trx, viewer, households)
    const first = cards[0]
    const window = { limit: LATEST, offset: 0 }
    if (!first) return { cards, latest: [] }
    const [latest, others] = await Promise.all([
      movementsOf(trx, shownTo(viewer, first.accountId, first.householdId), NO_FILTERS, window),
      paidOnSomeDays(trx),
    ])
    return { cards, latest: named(latest, others) }
  })
}

async function cardsOf(trx: Trx, viewer: Viewer, households: string[]): Promise<BalanceCard[]> {
  const { municipalityId } = viewer
  const [accounts, { now, today }, tariffs, fares, days, counted] = await Promise.all([
    accountsOfHouseholds(trx, viewer.municipalityId, households),
    readClock(trx),
    tariffsOf(trx, municipalityId),
    childrenFares(trx, municipalityId, households),
    daysToEat(trx, municipalityId, households),
    unchargedMeals(trx),
  ])
  return accounts.map((account) => {
    const tariff = tariffs(account.serviceId)
    const own = fares.filter((child) => isOf(child, account))
    const children = own.flatMap((child) => childPrice(child, tariff, today) ?? [])
    const uncharged = counted.filter((meal) => isOf(meal, account))
    const toEat = plannedMeals(
      days
        .filter((child) => isOf(child, account))
        .map((child) => ({
          days: child.days,
          fares: own.find(({ pupilId }) => pupilId === child.pupilId)?.fares ?? [],
        })),
      tariff,
    )
    const planned = withUncharged(toEat, uncharged)
    const mealPriceCents = priceOn(tariff.full, today) ?? 0
    const paid = children.map((child) => child.now.cents).filter((cents) => cents > 0)
    const [least, dearest] =
      children.length === 0
        ? [mealPriceCents, mealPriceCents]
        : [Math.min(...paid, Number.MAX_SAFE_INTEGER), Math.max(...paid, 0)]
    return {
      accountId: account.id,
      householdId: account.householdId,
      householdName: account.householdName,
      serviceName: account.serviceName,
      isServed: account.isServed,
      balanceCents: account.balanceCents,
      asOf: now,
      mealPriceCents,
      nextPrice: nextPriceAfter(tariff.full, today),
      children,
      unitCents: paid.length === 0 && children.length > 0 ? 0 : least,
      meals: mealsIn(account.balanceCents, planned, dearest),
      outlook: outlookOf(account.balanceCents, planned),
      uncharged: uncharged.length,
    }
  })
}

const isOf = (child: { householdId: string; serviceId: string }, account: HouseholdAccount): boolean =>
  child.householdId === account.householdId && child.serviceId === account.serviceId

type UnchargedMeal = { householdId: string; serviceId: string; day: Day; priceCents: Cents }

/** The own children's meals between the close of their day and its charge. */
async function unchargedMeals(trx: Trx): Promise<UnchargedMeal[]> {
  const { rows } = await sql<UnchargedMeal>`
    select household_id as "householdId", service_id as "serviceId", day, price_cents as "priceCents" from uncharged_meals()`.execute(
    trx,
  )
  return rows
}

type DaysToEat = { pupilId: string; householdId: string; serviceId: string; days: Day[] }
/** The days as one text: the driver reads an array of a whole year letter by letter. */
type DaysRow = Omit<DaysToEat, 'days'> & { days: string }

/**
 * The open days to come of each child that these households pay (a closed one is charged, or among the uncharged meals), without
 * the absences already given: these are read once for a child (`offset 0`), not once for each day of the year.
 */
async function daysToEat(trx: Trx, municipalityId: string, households: string[]): Promise<DaysToEat[]> {
  const { rows } = await sql<DaysRow>`
    select p.id as "pupilId", coalesce(second.household_id, p.household_id) as "householdId", d.service_id as "serviceId",
      string_agg(d.day::text, ' ' order by d.day) as days
    from pupil p
    cross join lateral (select array(select a.service_day_id from absence a
      where a.municipality_id = ${municipalityId} and a.pupil_id = p.id) as days offset 0) absent
    join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = p.id
    join service_day d on d.municipality_id = ${municipalityId} and d.service_id = e.service_id
      and d.school_id = e.school_id and d.day between e.valid_from and e.valid_to and eats_on(e.weekdays, d.day)
    left join meal_household_rule second on second.municipality_id = ${municipalityId} and second.pupil_id = p.id
      and second.valid_from <= d.day and (second.valid_to is null or second.valid_to >= d.day)
      and is_rule_day(second.first_monday, second.days, d.day)
    where p.municipality_id = ${municipalityId}
      and (p.household_id = any(${households}::uuid[]) or p.id = any(array(select r.pupil_id from meal_household_rule r
        where r.municipality_id = ${municipalityId} and r.household_id = any(${households}::uuid[]))))
      and coalesce(second.household_id, p.household_id) = any(${households}::uuid[])
      and d.status = 'open' and d.id <> all (absent.days)
    group by 1, 2, 3`.execute(trx)
  return rows.map((row) => ({ ...row, days: row.days.split(' ') }))
}

export type StatementAccount = { accountId: string; name: string; balanceCents: Cents }
export type StatementChild = { pupilId: string; name: string }

export type Statement = {
  /** The account shown, and all those that could be. */
  account: StatementAccount
  accounts: StatementAccount[]
  serviceName: string
  children: StatementChild[]
  movements: Movement[]
  /** How many movements the filters find, on all pages. */
  total: number
  /** Meals of the account that the kitchen counted and that are no movement yet. */
  uncharged: number
  asOf: Date
}

/** Movements on one page of the statement. */
export const STATEMENT_PAGE_SIZE = 30
/** The most movements that a download carries: many school years of a large family. */
const DOWNLOAD_LIMIT = 20_000

/**
 * One page of an account's movements, the newest first, each with the balance it left.
 * @returns null when the viewer is no holder, or the account or child in the filters is not of an own household
 */
export const statementOf = (viewer: Viewer, filters: StatementFilters): Promise<Statement | null> =>
  readStatement(viewer, filters, {
    limit: STATEMENT_PAGE_SIZE,
    offset: (filters.page - 1) * STATEMENT_PAGE_SIZE,
  })

/**
 * Every movement that the filters find, for a file; the download is written down. Null as for `statementOf`, and for a colleague
 * of the office who looks at the portal as the family: a look takes nothing away.
 */
export async function statementToDownload(
  viewer: Viewer,
  filters: StatementFilters,
): Promise<Statement | null> {
  if (viewer.look) return null
  return readStatement(
    viewer,
    filters,
    { limit: DOWNLOAD_LIMIT, offset: 0 },
    async (trx, { account, total }) =>
      recordAudit(trx, viewer, {
        action: 'ledger:statement-downloaded',
        objectType: 'account',
        objectId: account.accountId,
        details: { movements: total },
      }),
  )
}

type Window = { limit: number; offset: number }

async function readStatement(
  viewer: Viewer,
  filters: StatementFilters,
  window: Window,
  afterwards?: (trx: Trx, statement: Statement) => Promise<void>,
): Promise<Statement | null> {
  const households = heldHouseholds(viewer)
  if (households.length === 0) return null
  return (afterwards ? asFamily : readAsFamily)(viewer, async (trx) => {
    const accounts = await accountsOfHouseholds(trx, viewer.municipalityId, households)
    const account = filters.accountId ? accounts.find(({ id }) => id === filters.accountId) : accounts[0]
    if (!account) return null
    const shown = shownTo(viewer, account.id, account.householdId)
    const [own, others, found, movements, counted] = await Promise.all([
      childrenOf(trx, viewer.municipalityId, account.householdId),
      paidOnSomeDays(trx),
      countMovements(trx, shown, filters),
      movementsOf(trx, shown, filters, window),
      unchargedMeals(trx),
    ])
    const children = [
      ...own,
      ...others.filter(({ householdId }) => householdId === account.householdId).map(namedChild),
    ]
    if (filters.pupilId && !children.some(({ pupilId }) => pupilId === filters.pupilId)) return null
    const statement: Statement = {
      account: forStatement(account),
      accounts: accounts.map(forStatement),
      serviceName: account.serviceName,
      children,
      movements: named(movements, others),
      total: found.total,
      uncharged: counted.filter((meal) => isOf(meal, account)).length,
      asOf: found.now,
    }
    await afterwards?.(trx, statement)
    return statement
  })
}

/** An account as its reader may see it: a holder who took the household over, from that instant on. */
type Shown = { municipalityId: string; id: string; since: string | null }

const shownTo = ({ municipalityId, memberships }: Viewer, id: string, householdId: string): Shown => ({
  municipalityId,
  id,
  since: memberships.find((own) => own.role === 'holder' && own.householdId === householdId)?.since ?? null,
})

const after = (since: string | null): RawBuilder<boolean> =>
  since === null ? sql<boolean>`true` : sql<boolean>`e.posted_at >= ${since}::timestamptz`

/** A meal is charged after its cutoff, which a schedule may set 30 days before the meal. */
const LONGEST_ADVANCE_DAYS = 31

/**
 * The school years in which the filters can find something of what is shown, so that no other partition is asked: up to that
 * of tomorrow, for a movement of a day of long ago may be of today.
 */
const inYears = ({ since }: Shown, { from }: StatementFilters): RawBuilder<boolean> =>
  sql<boolean>`e.school_year >= greatest(school_year_of(${from}::date - ${LONGEST_ADVANCE_DAYS}::int),
      school_year_of((${since}::timestamptz at time zone 'Europe/Rome')::date), 0)
    and e.school_year <= school_year_of(app_today() + 1)`

/** An account as a statement names it. */
export const forStatement = (account: HouseholdAccount): StatementAccount => ({
  accountId: account.id,
  name: `${account.serviceName}, nucleo ${account.householdName}`,
  balanceCents: account.balanceCents,
})

/** The children of a household, for the filter of a statement. */
export const childrenOf = (
  trx: Trx,
  municipalityId: string,
  householdId: string,
): Promise<StatementChild[]> =>
  trx
    .selectFrom('pupil')
    .select(['id as pupilId', 'full_name as name'])
    .where('municipality_id', '=', municipalityId)
    .where('household_id', '=', householdId)
    .orderBy('given_name')
    .execute()

type PaidOnSomeDays = StatementChild & { householdId: string }

/** The children of other households whose meals the viewer pays, or paid, on some days. */
async function paidOnSomeDays(trx: Trx): Promise<PaidOnSomeDays[]> {
  const { rows } = await sql<PaidOnSomeDays>`
    select household_id as "householdId", pupil_id as "pupilId", full_name as name from pupils_paid_on_some_days()
    order by given_name, pupil_id`.execute(trx)
  return rows
}

const namedChild = ({ pupilId, name }: PaidOnSomeDays): StatementChild => ({ pupilId, name })

/** A meal of such a child has its name also when the child is no longer the viewer's to see. */
const named = (rows: readonly MovementRow[], others: readonly PaidOnSomeDays[]): Movement[] =>
  rows.map(({ pupilId, ...movement }) => ({
    ...movement,
    pupilName: movement.pupilName ?? others.find((child) => child.pupilId === pupilId)?.name ?? null,
  }))

type MovementRow = Movement & { pupilId: string | null }

/** The day a movement belongs to, as `Movement.day` says. */
const MOVEMENT_DAY = sql<Day>`coalesce(e.day, (e.posted_at at time zone 'Europe/Rome')::date)`

function matching(filters: StatementFilters): RawBuilder<boolean> {
  const kinds = filters.kind ? [...KIND_CHOICES[filters.kind].kinds] : null
  return sql<boolean>`(${filters.pupilId}::uuid is null or e.pupil_id = ${filters.pupilId}::uuid)
    and (${kinds}::text[] is null or e.kind = any(${kinds}::text[]))
    and (${filters.from}::date is null or ${MOVEMENT_DAY} >= ${filters.from}::date)
    and (${filters.to}::date is null or ${MOVEMENT_DAY} <= ${filters.to}::date)`
}

/** How many movements of an account the filters find, and at what instant. */
export async function countMovements(
  trx: Trx,
  shown: Shown,
  filters: StatementFilters,
): Promise<{ total: number; now: Date }> {
  const { rows } = await sql<{ total: number; now: Date }>`
    select count(*)::int as total, app_now() as now from entry e
    where e.municipality_id = ${shown.municipalityId} and e.account_id = ${shown.id} and ${inYears(shown, filters)}
      and ${after(shown.since)} and ${matching(filters)}`.execute(trx)
  return rows[0] as { total: number; now: Date }
}

/**
 * The balance goes back from the account's own, before the filters choose: it is right also without the first movements. The
 * newest school year comes first and the innermost reading ends with the page, so that a page that it fills asks no other
 * year. What the filters choose is not known before: then it ends with `inYears`.
 */
export async function movementsOf(
  trx: Trx,
  shown: Shown,
  filters: StatementFilters,
  { limit, offset }: Window,
): Promise<MovementRow[]> {
  const most = isFiltered(filters) ? null : limit + offset
  const { rows } = await sql<MovementRow>`
    select e.id, e.posted_at as "postedAt", ${MOVEMENT_DAY} as day, e.kind, e.amount_cents as "amountCents",
      e.balance_cents as "balanceCents", p.full_name as "pupilName", e.pupil_id as "pupilId"
    from (
      select e.id, e.school_year, e.posted_at, e.day, e.kind, e.amount_cents, e.pupil_id,
        (select a.balance_cents from account a where a.municipality_id = ${shown.municipalityId} and a.id = ${shown.id})
          - coalesce(sum(e.amount_cents) over (order by e.school_year desc, e.posted_at desc, e.id desc
            rows between unbounded preceding and 1 preceding), 0) as balance_cents
      from (
        select e.id, e.school_year, e.posted_at, e.day, e.kind, e.amount_cents, e.pupil_id from entry e
        where e.municipality_id = ${shown.municipalityId} and e.account_id = ${shown.id} and ${inYears(shown, filters)}
          and ${after(shown.since)}
        order by e.school_year desc, e.posted_at desc, e.id desc limit ${most}::int
      ) e
    ) e
    left join pupil p on p.municipality_id = ${shown.municipalityId} and p.id = e.pupil_id
    where ${matching(filters)}
    order by e.school_year desc, e.posted_at desc, e.id desc limit ${limit} offset ${offset}`.execute(trx)
  return rows
}

const isFiltered = ({ pupilId, kind, from, to }: StatementFilters): boolean =>
  [pupilId, kind, from, to].some((filter) => filter !== null)
