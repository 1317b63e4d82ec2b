import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asSystem } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { yearExpensesOf } from '#lib/invoices/year-expenses.queries.ts'
import { addDays, type Day, daysBetween, type Weekday, weekdayOf } from '#lib/kernel/day.ts'
import { closeAndCount, closeDueDays } from '#lib/kitchen/close.commands.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import { NO_FILTERS } from '#lib/ledger/statement.address.ts'
import { balanceCards, moneyOverview, statementOf } from '#lib/ledger/statement.queries.ts'
import { householdOfMeal, type MealHouseholdRule } from '#lib/meals/cutoff.ts'
import { dayHistory, previewBatch, readTodayPage } from '#lib/meals/meal.queries.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { tellMealChanges } from '#lib/meals/meal-notice.commands.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { readReceipt } from '#lib/meals/receipt.queries.ts'
import { topUpOffer } from '#lib/payments/top-up.queries.ts'
import { previewUndoOfChange, undoEnrolmentChange } from '#lib/people/office/enrolment-undo.commands.ts'
import { undoableChange } from '#lib/people/office/enrolment-undo.queries.ts'
import { previewHouseholdMerge } from '#lib/people/office/household-merge.commands.ts'
import { previewMerge } from '#lib/people/office/pupil-merge.commands.ts'
import {
  changeSecondHousehold,
  previewSecondHousehold,
} from '#lib/people/office/second-household.commands.ts'
import { secondHouseholdForOffice } from '#lib/people/office/second-household.queries.ts'
import type { AskedHouseholdDays, TypedSecondHousehold } from '#lib/people/office/second-household.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMember,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  ledgerFaults,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { done } from '#tests/support/forms.ts'
import { aCitizen, type Citizen, signedIn, viewerNow } from '#tests/support/people.ts'
import fc, { atLength } from '#tests/support/random.ts'

/** Two weeks of a canteen, from a Monday. */
const MONDAY = '2026-11-23'
const DAYS = daysBetween(MONDAY, '2026-12-04').filter((day) => weekdayOf(day) <= 5)
const FIRST_WEEK = DAYS.slice(0, 5)
const SECOND_WEEK = DAYS.slice(5)
const SCHOOL_WEEK: Weekday[] = [1, 2, 3, 4, 5]

let municipality: TestMunicipality
let mother: Household
let father: Citizen
let greta: string
let clerk: Viewer
let motherToken: { token: string }

async function aTown(): Promise<void> {
  await setClock(`${MONDAY}T06:00:00Z`)
  municipality = await aMunicipality()
  for (const day of DAYS) await aServiceDay(municipality, day)
  mother = await aHousehold(municipality)
  motherToken = await signedIn(mother.holder.citizenId)
  greta = await aPupil(municipality, mother.householdId, { name: 'Greta' })
  father = await aCitizen({ givenName: 'Marco', familyName: 'Albertini' })
  clerk = await aStaffViewer(municipality, 'operator')
}
const letGo = async (): Promise<void> => {
  const { owner } = await testDatabase()
  const { municipalityId } = municipality
  await owner.updateTable('municipality').set({ active: false }).where('id', '=', municipalityId).execute()
}
beforeEach(aTown)
// The worker looks at every municipality: the one of the previous test has left the portal.
afterEach(letGo)

const asMother = () => viewerNow(municipality, motherToken)
const asFather = () => viewerNow(municipality, father)

const ask = (wish: Partial<TypedSecondHousehold> = {}): TypedSecondHousehold => ({
  pupilId: greta,
  adult: {
    ...{ fiscalCode: father.fiscalCode, givenName: 'Marco', familyName: 'Albertini' },
    ...{ birthDay: null, email: null },
  },
  ...{ from: MONDAY, to: null, firstMonday: MONDAY, firstWeek: SCHOOL_WEEK, secondWeek: [] },
  ...wish,
})

async function decide(request: TypedSecondHousehold | AskedHouseholdDays, viewer = clerk) {
  const preview = await previewSecondHousehold(viewer, request)
  if (!preview.ok) return preview
  return changeSecondHousehold(viewer, request, { seen: preview.value.seen, reason: 'Genitori separati' })
}

const change = (viewer: Viewer, action: 'cancel' | 'restore', days: readonly Day[], pupilIds = [greta]) =>
  changeMeals(viewer, { action, pupilIds, days: [...days], channel: 'web', idempotencyKey: randomUUID() })

async function close(day: Day): Promise<void> {
  await setClock(`${day}T08:30:03Z`)
  await closeDueDays()
}

async function rules() {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('meal_household_rule')
    .select(['household_id', 'first_monday', 'days', 'valid_from', 'valid_to'])
    .where('pupil_id', '=', greta)
    .orderBy('valid_from')
    .execute()
}

async function fatherHousehold(): Promise<string> {
  return (await asFather()).memberships[0]?.householdId as string
}

const fatherAsParent = async () => ({ personId: (await asFather()).personId, ...father })

async function chargedTo(householdId: string): Promise<Day[]> {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('entry')
    .innerJoin('account', (join) =>
      join
        .onRef('account.id', '=', 'entry.account_id')
        .onRef('account.municipality_id', '=', 'entry.municipality_id'),
    )
    .select('entry.day')
    .where('account.household_id', '=', householdId)
    .where('entry.kind', '=', 'meals')
    .where('entry.pupil_id', '=', greta)
    .execute()
  return rows.flatMap(({ day }) => day ?? []).sort()
}

async function kinds(viewer: Viewer): Promise<string[]> {
  const months = await Promise.all(['2026-11', '2026-12'].map((month) => readMonthPage(viewer, greta, month)))
  return DAYS.map((day) => {
    const page = months.find((one) => one && one !== 'no-children' && one.states.has(day))
    return page && page !== 'no-children' ? (page.states.get(day)?.kind ?? '') : ''
  })
}

const rule: fc.Arbitrary<MealHouseholdRule> = fc
  .record({
    days: fc.subarray([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], { minLength: 1 }),
    monday: fc.integer({ min: -60, max: 60 }),
    from: fc.integer({ min: 0, max: 60 }),
    lasts: fc.option(fc.integer({ min: 0, max: 40 })),
  })
  .map(({ days, monday, from, lasts }) => {
    const first = addDays('2026-12-01', from)
    return {
      ...{
        homeId: 'home',
        householdId: 'second',
        days,
        firstMonday: addDays(MONDAY, monday * 7),
        from: first,
      },
      to: lasts === null ? null : addDays(first, lasts),
    }
  })

test('the rule of statements is the rule of the program, for every rule and day, over the end of a year too', async () => {
  const { owner } = await testDatabase()
  const drawn = fc.sample(rule, { numRuns: 60, seed: 7 })
  const asked = drawn.flatMap((one) =>
    daysBetween('2026-12-20', '2027-01-20').map((day) => ({ ...one, day })),
  )
  const { rows } = await sql<{ is_second: boolean }>`
    select is_rule_day(a.monday, a.days::smallint[], a.day) and a.first <= a.day and (a.last is null or a.day <= a.last) as is_second
    from unnest(${asked.map((one) => one.firstMonday)}::date[], ${asked.map(({ days }) => `{${days}}`)}::text[],
      ${asked.map(({ day }) => day)}::date[], ${asked.map(({ from }) => from)}::date[], ${asked.map(({ to }) => to)}::date[])
      with ordinality a (monday, days, day, first, last, at) order by a.at`.execute(owner)
  expect(rows.map((row) => row.is_second)).toEqual(
    asked.map(({ day, ...one }) => householdOfMeal([one], day) === 'second'),
  )
})

describe('a pupil with a household more', () => {
  beforeEach(async () => {
    done(await decide(ask()))
  })

  test('has each day in one calendar to change, and in the other as the other family’s', async () => {
    const [hers, his] = [await asMother(), await asFather()]
    const other = Array(5).fill('elsewhere')
    const own = Array(5).fill('present')
    expect(await kinds(his)).toEqual([...own, ...other])
    expect(await kinds(hers)).toEqual([...other, ...own])
    const month = await readMonthPage(hers, greta, '2026-11')
    expect(month).toMatchObject({ open: { from: SECOND_WEEK[0], to: SECOND_WEEK[4] } })
    const today = await readTodayPage(hers)
    expect(today.children).toMatchObject([{ id: greta, today: { kind: 'elsewhere' } }])
    expect(today.children[0]?.next.map(({ day }) => day)).toEqual(SECOND_WEEK)
    expect((await readTodayPage(his)).children[0]?.next.map(({ day }) => day)).toEqual(FIRST_WEEK.slice(1))
    const preview = await previewBatch(hers, { action: 'cancel', pupilIds: [greta], days: DAYS })
    expect(preview?.preview.counts).toMatchObject({ changes: 5, elsewhere: 5 })
  })

  test('is cancelled by each family on its own days only, in words and by the database too', async () => {
    const [hers, his] = [await asMother(), await asFather()]
    expect(await change(hers, 'cancel', [FIRST_WEEK[1] as Day])).toMatchObject({ code: 'meals:elsewhere' })
    const both = done(await change(his, 'cancel', DAYS))
    expect(both.changed.map(({ day }) => day)).toEqual(FIRST_WEEK)
    expect(done(await change(hers, 'cancel', [SECOND_WEEK[0] as Day])).changed).toHaveLength(1)
    const { owner } = await testDatabase()
    const day = await owner
      .selectFrom('service_day')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('day', '=', SECOND_WEEK[1] as Day)
      .executeTakeFirstOrThrow()
    const blind = asFamily(his, (trx) =>
      sql`insert into absence (municipality_id, service_day_id, pupil_id, receipt_id)
        values (${municipality.municipalityId}, ${day.id}, ${greta}, ${both.receiptId})`.execute(trx),
    )
    await expect(blind).rejects.toThrow('another household')
    const receipt = await readReceipt(his, both.receiptId)
    expect(receipt?.children).toMatchObject([{ id: greta }])
    expect(await readReceipt(hers, both.receiptId)).toBeNull()
    expect((await dayHistory(hers, greta, FIRST_WEEK[0] as Day))?.history).toEqual([])
    expect((await dayHistory(his, greta, FIRST_WEEK[0] as Day))?.history).toHaveLength(1)
  })

  test('is cancelled by a delegate who pays in the other family on the days of that one alone, with its receipt', async () => {
    await aMember(municipality, mother.householdId, await fatherAsParent(), 'delegate')
    const [his, hers] = [await asFather(), await asMother()]
    expect(his.memberships.map(({ role }) => role).sort()).toEqual(['delegate', 'holder'])
    expect(await kinds(his)).toEqual([...Array(5).fill('present'), ...Array(5).fill('elsewhere')])
    expect((await readTodayPage(his)).children[0]?.next.map(({ day }) => day)).toEqual(FIRST_WEEK.slice(1))
    const month = await readMonthPage(his, greta, '2026-11')
    expect(month).toMatchObject({ open: { to: FIRST_WEEK[4] } })
    expect(await change(his, 'cancel', [SECOND_WEEK[0] as Day])).toMatchObject({ code: 'meals:elsewhere' })
    const own = done(await change(his, 'cancel', DAYS))
    expect(own.changed.map(({ day }) => day)).toEqual(FIRST_WEEK)
    expect(await readReceipt(hers, own.receiptId)).toBeNull()
    expect(done(await change(hers, 'cancel', [SECOND_WEEK[1] as Day])).changed).toHaveLength(1)
    const { owner } = await testDatabase()
    const day = await owner
      .selectFrom('service_day')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('day', '=', SECOND_WEEK[2] as Day)
      .executeTakeFirstOrThrow()
    const blind = asFamily(his, (trx) =>
      sql`insert into absence (municipality_id, service_day_id, pupil_id, receipt_id)
        values (${municipality.municipalityId}, ${day.id}, ${greta}, ${own.receiptId})`.execute(trx),
    )
    await expect(blind).rejects.toThrow('another household')
    done(await decide({ pupilId: greta, from: SECOND_WEEK[0] as Day, rules: [] }))
    expect(done(await change(await asFather(), 'cancel', [SECOND_WEEK[0] as Day])).changed).toHaveLength(1)
  })

  test('tells of a cancelled day the adults of its household alone', async () => {
    const his = await asFather()
    const delegate = await aDelegate(municipality, await fatherHousehold())
    done(await change(his, 'cancel', [FIRST_WEEK[1] as Day]))
    await setClock(`${MONDAY}T07:00:00Z`)
    await tellMealChanges()
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('notification')
      .select('person_id')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('event', '=', 'meals:changed')
      .execute()
    expect(told.map((one) => one.person_id)).toEqual([delegate.personId])
  })

  test('is charged to the household of each day, and each sees its own money alone', async () => {
    const householdId = await fatherHousehold()
    done(await change(await asFather(), 'cancel', [FIRST_WEEK[2] as Day]))
    await setClock(`${MONDAY}T08:30:03Z`)
    // He tops up before his first meal: the account is there with the rule.
    expect(await balanceCards(await asFather())).toMatchObject([{ balanceCents: 0 }])
    expect((await topUpOffer(await asFather()))?.accounts).toHaveLength(1)
    await closeAndCount()
    for (const day of DAYS) await close(day)
    expect(await chargedTo(householdId)).toEqual(FIRST_WEEK.filter((_, at) => at !== 2))
    expect(await chargedTo(mother.householdId)).toEqual(SECOND_WEEK)
    expect(await ledgerFaults()).toBe(0)
    const [hers, his] = [await asMother(), await asFather()]
    const money = [await moneyOverview(hers), await moneyOverview(his)]
    expect(money.map((one) => one?.cards.length)).toEqual([1, 1])
    expect(money[1]?.latest.map(({ pupilName }) => pupilName)).toEqual(Array(4).fill('Greta Albertini'))
    const statements = [await statementOf(hers, NO_FILTERS), await statementOf(his, NO_FILTERS)]
    expect(statements.map((one) => one?.total)).toEqual([5, 4])
    expect(statements[1]?.children).toEqual([{ pupilId: greta, name: 'Greta Albertini' }])
    expect(await statementOf(his, { ...NO_FILTERS, accountId: mother.accountId })).toBeNull()
    const { rows } = await asFamily(his, (trx) =>
      sql<{ owners: string[] }>`select array_agg(distinct household_id::text) as owners from account`.execute(
        trx,
      ),
    )
    expect(rows).toEqual([{ owners: [householdId] }])
  })

  test('counts in each balance only the meals to come that are its own', async () => {
    const cents = 10 * 540
    await asSystem(municipality.municipalityId, async (trx) => {
      const { municipalityId, serviceId } = municipality
      const other = await systemAccount(trx, municipalityId, { kind: 'clearing', serviceId })
      await postJournal(trx, municipalityId, {
        ...{ kind: 'top_up', idempotencyKey: randomUUID(), description: '' },
        lines: [
          { accountId: mother.accountId, amountCents: cents },
          { accountId: other, amountCents: -cents },
        ],
      })
    })
    const cards = await balanceCards(await asMother())
    expect(cards).toMatchObject([
      {
        balanceCents: cents,
        outlook: { coveredDays: 5, lastCoveredDay: SECOND_WEEK[4], firstUncoveredDay: null },
      },
    ])
  })

  test('stops a merge of households, and of pupils, with words', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    const { owner } = await testDatabase()
    const { household_id } = await owner
      .insertInto('household')
      .values({ municipality_id: municipality.municipalityId, name: 'Bassani' })
      .returning('id as household_id')
      .executeTakeFirstOrThrow()
    await aMember(municipality, household_id, mother.holder, 'holder')
    await aPupil(municipality, household_id, { name: 'Pia' })
    const asked = { oneId: mother.householdId, otherId: household_id, keep: 'other' as const }
    expect(await previewHouseholdMerge(manager, asked)).toMatchObject({ code: 'families:divided' })
    const twin = await aPupil(municipality, mother.householdId, { name: 'Greta' })
    const merge = await previewMerge(clerk, {
      ...{ oneId: greta, otherId: twin },
      ...{ keep: 'one', name: 'one', birth: 'one', code: 'one' },
    })
    expect(merge).toMatchObject({ code: 'merges:divided' })
  })

  test('is no more the second household’s when its days are over; what it paid keeps its name', async () => {
    await close(FIRST_WEEK[0] as Day)
    const ended = done(await decide({ pupilId: greta, from: FIRST_WEEK[2] as Day, rules: [] }))
    expect(ended.householdId).toBe(mother.householdId)
    await close(FIRST_WEEK[1] as Day)
    expect(await kinds(await asMother())).toEqual(['elsewhere', 'elsewhere', ...Array(8).fill('present')])
    await setClock(`${FIRST_WEEK[2]}T06:00:00Z`)
    const his = await asFather()
    expect(his.memberships[0]?.sharedPupilIds).toBeUndefined()
    expect(await readMonthPage(his, greta, '2026-11')).toBeNull()
    expect(await change(his, 'cancel', [FIRST_WEEK[3] as Day])).toMatchObject({ code: 'request:not-found' })
    const { rows } = await asFamily(his, (trx) => sql`select from pupil`.execute(trx))
    expect(rows).toHaveLength(0)
    const statement = await statementOf(his, NO_FILTERS)
    expect(statement?.movements.map(({ pupilName }) => pupilName)).toEqual(Array(2).fill('Greta Albertini'))
    const year = await yearExpensesOf(his, 2026)
    expect(year?.children).toMatchObject([{ pupilId: greta, name: 'Greta Albertini', meals: 2 }])
  })

  test('keeps the household of a counted meal, whatever is written', async () => {
    await close(FIRST_WEEK[0] as Day)
    const { owner } = await testDatabase()
    const about = { municipality_id: municipality.municipalityId, pupil_id: greta }
    const drop = owner.deleteFrom('meal_household_rule').where('pupil_id', '=', greta).execute()
    await expect(drop).rejects.toThrow('counted meal')
    const shorten = owner
      .updateTable('meal_household_rule')
      .set({ valid_to: MONDAY })
      .where('pupil_id', '=', about.pupil_id)
      .execute()
    await expect(shorten).resolves.toBeTruthy()
    const early = await decide({ pupilId: greta, from: MONDAY, rules: [] })
    expect(early).toMatchObject({ fields: { from: 'enrolments:too-early' } })
  })
})

describe('the office', () => {
  test('reads first what moves, and is refused when it is no longer so', async () => {
    done(await change(await asMother(), 'cancel', [FIRST_WEEK[1] as Day]))
    const preview = done(await previewSecondHousehold(clerk, ask()))
    const words = preview.lines.join('\n')
    expect(words).toContain('Nasce la famiglia Albertini')
    expect(words).toContain('4 pasti previsti che pagava l’altra')
    expect(words).toContain(
      'Restano disdetti, e da adesso li può ripristinare solo la famiglia Albertini: 24 novembre 2026.',
    )
    done(await change(await asMother(), 'cancel', [FIRST_WEEK[2] as Day]))
    const late = await changeSecondHousehold(clerk, ask(), { seen: preview.seen, reason: 'Separati' })
    expect(late).toMatchObject({ code: 'enrolments:preview-changed' })
    expect(await rules()).toEqual([])
  })

  test('does the same confirmation once, and tells both families', async () => {
    const { seen } = done(await previewSecondHousehold(clerk, ask()))
    const confirm = { seen, reason: 'Genitori separati' }
    const twice = await Promise.all([1, 2].map(() => changeSecondHousehold(clerk, ask(), confirm)))
    expect(twice.map(({ ok }) => ok)).toEqual([true, true])
    expect(await rules()).toHaveLength(1)
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('notification')
      .select(['person_id', 'title'])
      .where('municipality_id', '=', municipality.municipalityId)
      .where('event', '=', 'enrolment:decided')
      .execute()
    const people = [mother.holder.personId, (await asFather()).personId].sort()
    expect(told.map((one) => one.person_id).sort()).toEqual(people)
  })

  test('takes it back while nothing of it is counted: the rows are as they were', async () => {
    done(await decide(ask()))
    const before = await rules()
    done(await decide(ask({ from: SECOND_WEEK[0] as Day, firstWeek: [1], secondWeek: [3] })))
    expect(await rules()).toHaveLength(2)
    const about = { householdId: mother.householdId, pupilId: greta }
    const undo = { ...about, changeId: (await undoableChange(clerk, about))?.id ?? '' }
    const { seen } = done(await previewUndoOfChange(clerk, undo))
    done(await undoEnrolmentChange(clerk, undo, { seen, reason: 'Era un errore' }))
    expect(await rules()).toEqual(before)
    expect(await undoableChange(clerk, about)).toBeNull()
    expect((await asFather()).memberships).toHaveLength(1)
  })

  test('refuses with the field that is wrong', async () => {
    const own = ask({ firstWeek: [], secondWeek: [] })
    expect(await decide(own)).toMatchObject({ fields: { firstWeek: 'second-household:no-day' } })
    expect(await decide(ask({ to: '2026-11-01' }))).toMatchObject({
      fields: { to: 'second-household:reversed' },
    })
    const nameless = ask({ adult: { ...ask().adult, givenName: '' } })
    expect(await decide(nameless)).toMatchObject({
      fields: { familyName: 'second-household:new-needs-names' },
    })
    const other = ask({ adult: { ...ask().adult, familyName: 'Verdi' } })
    expect(await decide(other)).toMatchObject({ fields: { familyName: 'households:family-name-disagrees' } })
    done(await decide(ask()))
    expect(await decide(ask())).toMatchObject({ code: 'enrolments:nothing' })
  })

  test('is the registry’s of the town', async () => {
    const roles = ['accountant', 'editor', 'reader', 'teacher', 'kitchen', 'school_office'] as const
    const strangers = [
      ...(await Promise.all(roles.map((role) => aStaffViewer(municipality, role)))),
      await aStaffViewer(await aMunicipality(), 'manager'),
      await asMother(),
    ]
    for (const viewer of strangers) {
      expect(await previewSecondHousehold(viewer, ask())).toMatchObject({ code: 'request:not-found' })
      const blind = await changeSecondHousehold(viewer, ask(), { seen: 'x', reason: 'x' })
      expect(blind).toMatchObject({ code: 'request:not-found' })
      expect(await secondHouseholdForOffice(viewer, mother.householdId, greta)).toBeNull()
    }
    expect(await secondHouseholdForOffice(clerk, mother.householdId, greta)).toMatchObject({ rules: [] })
    expect(await rules()).toEqual([])
  })
})

describe('no other family', () => {
  test('sees or changes the pupil: a stranger, a delegate of the second household for another child', async () => {
    done(await decide(ask()))
    const stranger = await aHousehold(municipality)
    expect(await change(stranger.holderViewer, 'cancel', [MONDAY])).toMatchObject({
      code: 'request:not-found',
    })
    const { rows } = await asFamily(stranger.holderViewer, (trx) =>
      sql`select from meal_household_rule`.execute(trx),
    )
    expect(rows).toHaveLength(0)
    const blind = asFamily(await asFather(), (trx) => sql`delete from meal_household_rule`.execute(trx))
    expect((await blind).numAffectedRows).toBe(0n)
  })
})

type Step =
  | { do: 'give'; from: number; first: Weekday[]; second: Weekday[]; to: number | null }
  | { do: 'back'; from: number }
  | { do: 'change'; who: 0 | 1; action: 'cancel' | 'restore'; day: number }
  | { do: 'close' }

const week = fc.subarray([1, 2, 3, 4, 5] as Weekday[])
const at = fc.nat({ max: DAYS.length - 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('give' as const), from: at, first: week, second: week, to: fc.option(at) }),
  fc.record({ do: fc.constant('back' as const), from: at }),
  fc.record({
    ...{ do: fc.constant('change' as const), who: fc.constantFrom(0 as const, 1 as const) },
    ...{ action: fc.constantFrom('cancel' as const, 'restore' as const), day: at },
  }),
  fc.record({ do: fc.constant('close' as const) }),
)

test('whatever rules, cancellations and closes come, each meal is one household’s: who changes it, who pays it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (path) => {
      await letGo()
      await aTown()
      done(await decide(ask({ firstWeek: [1, 3], secondWeek: [2] })))
      const isHis = DAYS.map((day, on) => (on < 5 ? [1, 3] : [2]).includes(weekdayOf(day)))
      const absent = DAYS.map(() => false)
      let closed = 0
      const householdId = await fatherHousehold()
      for (const one of path) {
        if (one.do === 'give') {
          const to = one.to === null ? null : (DAYS[one.to] as Day)
          const wish = { from: DAYS[one.from] as Day, to, firstWeek: one.first, secondWeek: one.second }
          const answer = await decide(ask(wish))
          const isPossible =
            one.from >= closed && one.first.length + one.second.length > 0 && (to === null || to >= wish.from)
          if (!isPossible) expect(answer.ok).toBe(false)
          if (!answer.ok) continue
          for (let on = one.from; on < DAYS.length; on += 1) {
            const days = on < 5 ? one.first : one.second
            isHis[on] = (one.to === null || on <= one.to) && days.includes(weekdayOf(DAYS[on] as Day))
          }
        } else if (one.do === 'back') {
          const answer = await decide({ pupilId: greta, from: DAYS[one.from] as Day, rules: [] })
          if (one.from < closed) expect(answer.ok).toBe(false)
          if (answer.ok) isHis.fill(false, one.from)
        } else if (one.do === 'change') {
          const viewer = one.who === 0 ? await asMother() : await asFather()
          const answer = await change(viewer, one.action, [DAYS[one.day] as Day])
          const isOwn = (isHis[one.day] as boolean) === (one.who === 1)
          const isChange = (absent[one.day] as boolean) !== (one.action === 'cancel')
          expect(answer.ok).toBe(isOwn && isChange && one.day >= closed)
          if (answer.ok) absent[one.day] = one.action === 'cancel'
        } else if (closed < DAYS.length) {
          await close(DAYS[closed] as Day)
          closed += 1
        }
      }
      for (; closed < DAYS.length; closed += 1) await close(DAYS[closed] as Day)
      const eaten = (who: boolean) => DAYS.filter((_, on) => !absent[on] && isHis[on] === who)
      expect(await chargedTo(householdId)).toEqual(eaten(true))
      expect(await chargedTo(mother.householdId)).toEqual(eaten(false))
      expect(await ledgerFaults()).toBe(0)
    }),
    { numRuns: atLength(8) },
  )
}, 240_000)
