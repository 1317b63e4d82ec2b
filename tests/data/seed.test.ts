import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asPublic } from '#db/client.ts'
import { DEMO_PATRON, demoClosures, nextYearOf, schoolYearOf } from '#db/demo/calendar.ts'
import { demoState, seedDemo, seedLoad } from '#db/seed.ts'
import { addDays, daysBetween } from '#lib/kernel/day.ts'
import { readBook } from '#lib/menus/menu.queries.ts'
import { checkMenu } from '#lib/menus/menu-check.ts'
import { daysOfSpans, holidaysBetween } from '#lib/school/holidays.ts'
import { plannedDays } from '#lib/school/school-year.ts'
import { testDatabase } from '#tests/support/database.ts'
import { ledgerFaults } from '#tests/support/factories.ts'

/** The seed lives through the real clock of the day on which the test runs: what it promises holds on any day. */
let restoreClock: string

beforeAll(async () => {
  const { owner, ownerUrl } = await testDatabase()
  const { rows } = await sql<{ definition: string }>`
    select pg_get_functiondef('app_now'::regproc) as definition`.execute(owner)
  restoreClock = rows[0]?.definition ?? ''
  await sql
    .raw(`create or replace function app_now() returns timestamptz language sql stable as 'select now()'`)
    .execute(owner)
  expect(await demoState(ownerUrl)).toBe('absent')
  await seedDemo(ownerUrl)
  await seedLoad(ownerUrl, 500)
}, 120_000)

const only = async <T>(query: ReturnType<typeof sql<T>>): Promise<T> => {
  const { owner } = await testDatabase()
  return (await query.execute(owner)).rows[0] as T
}

describe('the demonstration municipality', () => {
  test('is ready, with the clock running again', async () => {
    const { ownerUrl } = await testDatabase()
    expect(await demoState(ownerUrl)).toBe('ready')
    expect(restoreClock).toContain('test_clock')
  })

  test('has about forty families, three schools and every role', async () => {
    const counts = await only(sql<{ households: number; schools: number; roles: number }>`
      select (select count(*) from household h join municipality m on m.id = h.municipality_id where m.slug = 'mozzecane')::int as households,
        (select count(*) from school s join municipality m on m.id = s.municipality_id where m.slug = 'mozzecane')::int as schools,
        (select count(distinct role) from staff_member)::int as roles`)
    expect(counts.households).toBeGreaterThanOrEqual(38)
    expect(counts).toMatchObject({ schools: 3, roles: 8 })
  })

  test('has days ahead on which a meal can be cancelled, whatever the day of the year', async () => {
    const { days } = await only(sql<{ days: number }>`
      select count(distinct d.day)::int as days from service_day d join municipality m on m.id = d.municipality_id
      where m.slug = 'mozzecane' and d.status = 'open' and d.cutoff_at > app_now()`)
    expect(days).toBeGreaterThan(5)
  })

  test('the family of the manual has exactly € 884,70, from opening, top-ups and meals', async () => {
    const account = await only(sql<{ balance: number; kinds: string }>`
      select a.balance_cents as balance, string_agg(distinct e.kind, ',' order by e.kind) as kinds
      from account a join household h on h.municipality_id = a.municipality_id and h.id = a.household_id
      join entry e on e.municipality_id = a.municipality_id and e.account_id = a.id
      where h.name = 'Albertini' group by a.id, a.balance_cents`)
    expect(account.balance).toBe(88_470)
    expect(account.kinds).toContain('opening')
  })

  test('every paid top-up has its invoice, numbered without gaps', async () => {
    const invoices = await only(sql<{ paid: number; invoices: number; last: number }>`
      select (select count(*) from top_up where state = 'paid')::int as paid, count(*)::int as invoices, coalesce(max(number), 0)::int as last
      from invoice where year = (select max(year) from invoice)`)
    expect(invoices.paid).toBeGreaterThanOrEqual(invoices.invoices)
    expect(invoices.last).toBe(invoices.invoices)
  })

  test('has menus that pass the check before publication, and opinions that are shown', async () => {
    const { municipalityId } = await only(sql<{ municipalityId: string }>`
      select id as "municipalityId" from municipality where slug = 'mozzecane'`)
    const book = await asPublic(municipalityId, (trx) => readBook(trx, municipalityId))
    expect(book.menus).toHaveLength(2)
    for (const menu of book.menus) expect(checkMenu(menu, [1, 2, 3, 4, 5], book.dishes)).toEqual([])
    const { ratings } = await only(sql<{ ratings: number }>`select count(*)::int as ratings from meal_rating`)
    expect(ratings).toBeGreaterThan(20)
  })

  test('no past day is left open and the ledger keeps its promises, in the large municipality too', async () => {
    const { open } = await only(sql<{ open: number }>`
      select count(*)::int as open from service_day where status = 'open' and close_at < app_now() - interval '2 minutes'`)
    expect(open).toBe(0)
    expect(await ledgerFaults()).toBe(0)
    const { pupils } = await only(sql<{ pupils: number }>`
      select count(*)::int as pupils from pupil p join municipality m on m.id = p.municipality_id where m.slug = 'carico'`)
    expect(pupils).toBe(500)
  })
})

describe('the demonstration calendar', () => {
  test('has a living month on every day of three years', () => {
    for (const today of daysBetween('2026-09-01', '2029-08-31')) {
      const year = schoolYearOf(today)
      expect(year.startsOn <= today && today <= year.endsOn, today).toBe(true)
      expect(year.serviceFrom <= today && today <= year.serviceTo, today).toBe(true)
      expect(addDays(today, 14) <= year.serviceTo, today).toBe(true)
      const soon = { startsOn: addDays(today, 1), endsOn: addDays(today, 30) }
      const closed = new Set(
        [
          ...daysOfSpans(demoClosures(year)),
          ...holidaysBetween({ from: soon.startsOn, to: soon.endsOn }, DEMO_PATRON),
        ].map(({ day }) => day),
      )
      const week = {
        ...{ weekdays: [1, 2, 3, 4, 5] as const, cutoffTime: '09:30' },
        ...{ cutoffDaysBefore: 0, graceSeconds: 3 },
      }
      const coming = plannedDays({ ...week, ...soon }, closed).filter(({ day }) => day <= year.serviceTo)
      expect(coming.length, today).toBeGreaterThan(5)
    }
  })

  test('has the next year prepared in summer, and in no other month', () => {
    for (const today of daysBetween('2026-09-01', '2027-08-31')) {
      const next = nextYearOf(today)
      expect(next !== null, today).toBe(today >= '2027-06-01')
      if (next) expect(next.startsOn > schoolYearOf(today).endsOn, today).toBe(true)
    }
  })

  test('knows Easter and the Christmas holidays', () => {
    const days = daysOfSpans(demoClosures(schoolYearOf('2026-11-23'))).map((closure) => closure.day)
    expect(days).toContain('2027-03-28')
    expect(days).toContain('2027-03-29')
    expect(days).toContain('2026-12-25')
    expect(days).not.toContain('2026-11-24')
  })
})
