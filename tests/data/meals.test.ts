import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inScope } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { daysBetween } from '#lib/kernel/day.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { dayHistory, previewBatch, readTodayPage } from '#lib/meals/meal.queries.ts'
import { changeMeals, type MealChange, purgeOvertakenChanges } from '#lib/meals/meal-change.commands.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { readReceipt } from '#lib/meals/receipt.queries.ts'
import { aCommunication } from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  anAbsence,
  aPupil,
  aSchool,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'

const TUESDAY = '2026-11-24'
const WEDNESDAY = '2026-11-25'
const THURSDAY = '2026-11-26'
const MORNING = '2026-11-24T07:00:00Z'
const LAST_MILLISECOND = '2026-11-24T08:29:59.999Z'
const CUTOFF = '2026-11-24T08:30:00.000Z'

let municipality: TestMunicipality
let household: Household
let parent: Viewer
let delegate: Viewer
let greta: string
let sofia: string
let tuesday: string

beforeAll(async () => {
  await testDatabase()
})

beforeEach(async () => {
  await setClock(MORNING)
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  parent = household.holderViewer
  delegate = await aDelegate(municipality, household.householdId)
  greta = await aPupil(municipality, household.householdId, { name: 'Greta' })
  sofia = await aPupil(municipality, household.householdId, { name: 'Sofia' })
  tuesday = await aServiceDay(municipality, TUESDAY)
  await aServiceDay(municipality, WEDNESDAY)
  await aServiceDay(municipality, THURSDAY)
})

const asked = (change: Partial<MealChange> = {}): MealChange => ({
  action: 'cancel',
  pupilIds: [greta],
  days: [TUESDAY],
  idempotencyKey: randomUUID(),
  channel: 'web',
  ...change,
})

const bothGirls = () => [greta, sofia].sort()

async function absentOn(pupilId: string): Promise<string[]> {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('absence as a')
    .innerJoin('service_day as d', 'd.id', 'a.service_day_id')
    .where('a.pupil_id', '=', pupilId)
    .select('d.day')
    .orderBy('d.day')
    .execute()
  return rows.map((row) => row.day)
}

async function rowsOf(table: 'absence_receipt' | 'absence_event' | 'audit_event'): Promise<number> {
  const { owner } = await testDatabase()
  const row = await owner
    .selectFrom(table)
    .where('municipality_id', '=', municipality.municipalityId)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

async function statusOf(serviceDayId: string): Promise<string> {
  const { owner } = await testDatabase()
  const row = await owner
    .selectFrom('service_day')
    .select('status')
    .where('id', '=', serviceDayId)
    .executeTakeFirstOrThrow()
  return row.status
}

async function aClosure(day: string, reason = 'Immacolata Concezione'): Promise<string> {
  const { owner } = await testDatabase()
  const { id } = await owner
    .insertInto('closure')
    .values({
      municipality_id: municipality.municipalityId,
      service_id: municipality.serviceId,
      day,
      kind: 'strike',
      reason,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function suspend(day: string, reason: string): Promise<void> {
  const { owner } = await testDatabase()
  await owner
    .updateTable('service_day')
    .set({ status: 'suspended', closure_id: await aClosure(day, reason) })
    .where('municipality_id', '=', municipality.municipalityId)
    .where('day', '=', day)
    .execute()
}

describe('cancelling a meal', () => {
  test('the holder and the delegate may; each change has a receipt, an event and an audit row', async () => {
    const answer = await changeMeals(parent, asked())
    expect(answer).toMatchObject({
      ok: true,
      value: { changed: [{ pupilId: greta, day: TUESDAY }], notChanged: [], replayed: false },
    })
    expect(answer.ok && answer.value.arrivedAt).toEqual(new Date(MORNING))
    expect(answer.ok && answer.value.number).toMatch(/^M-20261124-[A-Z2-9]{4}-[A-Z2-9]{4}$/)
    expect(await absentOn(greta)).toEqual([TUESDAY])

    expect(await changeMeals(delegate, asked({ action: 'restore' }))).toMatchObject({ ok: true })
    expect(await absentOn(greta)).toEqual([])
    expect(await rowsOf('absence_receipt')).toBe(2)
    expect(await rowsOf('absence_event')).toBe(2)
    expect(await rowsOf('audit_event')).toBe(2)
  })

  test('holder and delegate see each other’s changes immediately, with who and when', async () => {
    await changeMeals(delegate, asked())
    const page = await readTodayPage(parent)
    expect(page.children.find(({ id }) => id === greta)?.today.kind).toBe('absent')
    const day = await dayHistory(parent, greta, TUESDAY)
    expect(day?.history).toMatchObject([{ kind: 'cancelled', author: 'Marco Conti', at: new Date(MORNING) }])
  })

  test('the history of a day is in the order of what happened, whichever request began first', async () => {
    await setClock('2026-11-24T07:00:00.002Z')
    await changeMeals(delegate, asked())
    await setClock('2026-11-24T07:00:00.001Z')
    await changeMeals(parent, asked({ action: 'restore' }))
    const day = await dayHistory(parent, greta, TUESDAY)
    expect(day?.history.map(({ kind }) => kind)).toEqual(['restored', 'cancelled'])
  })

  test('is accepted at 09:29:59.999 and refused at 09:30:00.000', async () => {
    await setClock(LAST_MILLISECOND)
    expect(await changeMeals(parent, asked())).toMatchObject({ ok: true })
    await setClock(CUTOFF)
    expect(await changeMeals(parent, asked({ pupilIds: [sofia] }))).toEqual({
      ok: false,
      code: 'meals:too-late',
      details: { cutoff: new Date('2026-11-24T08:30:00Z') },
    })
    expect(await changeMeals(parent, asked({ action: 'restore' }))).toMatchObject({ code: 'meals:too-late' })
    expect(await absentOn(sofia)).toEqual([])
  })

  test('is refused once the day is closed or suspended, whatever the hour', async () => {
    await suspend(WEDNESDAY, 'Sciopero')
    expect(await changeMeals(parent, asked({ days: [WEDNESDAY] }))).toMatchObject({
      code: 'meals:no-service',
    })
    const { owner } = await testDatabase()
    await owner
      .updateTable('service_day')
      .set({ status: 'closed', closed_at: MORNING })
      .where('id', '=', tuesday)
      .execute()
    expect(await changeMeals(parent, asked())).toMatchObject({ code: 'meals:day-closed' })
  })

  test('is refused on a day without canteen, and before the enrolment begins', async () => {
    expect(await changeMeals(parent, asked({ days: ['2026-11-28'] }))).toMatchObject({
      code: 'meals:not-enrolled',
    })
    const late = await aPupil(municipality, household.householdId, { name: 'Nina', from: WEDNESDAY })
    expect(await changeMeals(parent, asked({ pupilIds: [late] }))).toMatchObject({
      code: 'meals:not-enrolled',
    })
  })

  test('twice says that it is so already, and writes nothing', async () => {
    await changeMeals(parent, asked())
    expect(await changeMeals(delegate, asked())).toMatchObject({ ok: false, code: 'meals:already-so' })
    expect(await rowsOf('absence_receipt')).toBe(1)
  })

  test('a stranger, another municipality’s parent and a staff member without the role find nothing', async () => {
    const stranger = (await aHousehold(municipality)).holderViewer
    const elsewhere = (await aHousehold(await aMunicipality())).holderViewer
    const editor = await aStaffViewer(municipality, 'editor')
    for (const viewer of [stranger, elsewhere]) {
      expect(await changeMeals(viewer, asked())).toEqual({ ok: false, code: 'request:not-found' })
    }
    expect(await changeMeals(editor, asked({ channel: 'office' }))).toMatchObject({
      code: 'request:not-found',
    })
    expect(await changeMeals(parent, asked({ channel: 'office' }))).toMatchObject({
      code: 'request:not-found',
    })
    expect(await absentOn(greta)).toEqual([])
  })

  test('one’s own child together with another person’s is refused whole', async () => {
    const other = await aPupil(municipality, (await aHousehold(municipality)).householdId)
    expect(await changeMeals(parent, asked({ pupilIds: [greta, other].sort() }))).toMatchObject({
      code: 'request:not-found',
    })
    expect(await absentOn(greta)).toEqual([])
  })

  test('the office may before the cutoff, and the family reads that it was the office', async () => {
    const operator = await aStaffViewer(municipality, 'operator')
    expect(await changeMeals(operator, asked({ channel: 'office' }))).toMatchObject({ ok: true })
    expect((await dayHistory(parent, greta, TUESDAY))?.history).toMatchObject([{ author: null }])
  })
})

describe('a batch', () => {
  test('has all siblings and days in one receipt; what cannot change is named with its reason', async () => {
    await suspend(THURSDAY, 'Sciopero')
    await setClock(CUTOFF)
    const answer = await changeMeals(
      parent,
      asked({ pupilIds: bothGirls(), days: [TUESDAY, WEDNESDAY, THURSDAY, '2026-11-28'] }),
    )
    if (!answer.ok) throw new Error(answer.code)
    expect(answer.value.changed).toEqual(bothGirls().map((pupilId) => ({ pupilId, day: WEDNESDAY })))
    expect(answer.value.notChanged.map(({ day, verdict }) => `${day} ${verdict}`)).toEqual([
      `${TUESDAY} late`,
      `${THURSDAY} closed`,
      `${TUESDAY} late`,
      `${THURSDAY} closed`,
    ])

    const reopened = await readReceipt(delegate, answer.value.receiptId)
    expect(reopened).toMatchObject({ number: answer.value.number, action: 'cancel', author: 'Laura Conti' })
    expect(reopened?.meals.map(({ state }) => state.kind)).toEqual(['absent', 'absent'])
    expect(reopened?.notChanged).toEqual(answer.value.notChanged)
  })

  test('children of two households need two requests', async () => {
    const second = await aHousehold(municipality)
    const nephew = await aPupil(municipality, second.householdId)
    const aunt = {
      ...parent,
      memberships: [...parent.memberships, { householdId: second.householdId, role: 'delegate' as const }],
    }
    const { owner } = await testDatabase()
    await owner
      .insertInto('household_member')
      .values({
        municipality_id: municipality.municipalityId,
        household_id: second.householdId,
        person_id: parent.personId,
        role: 'delegate',
        valid_from: '2026-09-01',
      })
      .execute()
    expect(await changeMeals(aunt, asked({ pupilIds: [greta, nephew].sort() }))).toMatchObject({
      code: 'meals:one-household',
    })
  })

  test('the preview says what the confirmation then does', async () => {
    await changeMeals(delegate, asked({ days: [WEDNESDAY] }))
    const request = { action: 'cancel', pupilIds: bothGirls(), days: [TUESDAY, WEDNESDAY] } as const
    const page = await previewBatch(parent, request)
    const answer = await changeMeals(parent, asked(request))
    expect(page?.preview.counts).toMatchObject({ changes: 3, already: 1 })
    expect(answer.ok && answer.value.changed).toEqual(
      page?.preview.changes.map(({ pupilId, day }) => ({ pupilId, day })),
    )
  })

  test.each(['cancel', 'restore'] as const)(
    'to %s over the whole year: the preview and the change, which read apart, judge every day alike',
    async (action) => {
      const school = await aSchool(municipality)
      const nina = await aPupil(municipality, household.householdId, {
        school,
        from: WEDNESDAY,
        to: '2027-01-31',
      })
      for (const day of [TUESDAY, WEDNESDAY, '2027-02-01']) await aServiceDay(municipality, day, { school })
      const monday = await aServiceDay(municipality, '2026-11-23')
      const [late, alone] = [await aServiceDay(municipality, '2026-12-01'), '2026-12-02']
      await aServiceDay(municipality, alone)
      for (const day of [monday, tuesday, late]) await anAbsence(municipality, household, sofia, day)
      await suspend(THURSDAY, 'Sciopero')
      await aClosure('2026-12-08')
      const { owner } = await testDatabase()
      await owner
        .updateTable('service_day')
        .set({ status: 'closed', closed_at: MORNING })
        .where('id', '=', late)
        .execute()

      const request = {
        action,
        pupilIds: [greta, sofia, nina].sort(),
        days: daysBetween('2026-09-10', '2027-06-10'),
      }
      const page = await previewBatch(parent, request)
      const answer = await changeMeals(parent, asked(request))
      expect(page?.preview.counts).toMatchObject({ unplanned: expect.any(Number), closed: 6 })
      expect(answer.ok && answer.value.changed).toEqual(
        page?.preview.changes.map(({ pupilId, day }) => ({ pupilId, day })),
      )
      expect(answer.ok && answer.value.notChanged).toEqual(
        page?.preview.unchanged.filter(({ verdict }) => verdict !== 'unplanned' && verdict !== 'outside'),
      )
    },
  )

  test('is undone by its inverse until the cutoff', async () => {
    const days = [TUESDAY, WEDNESDAY]
    await changeMeals(parent, asked({ days }))
    await setClock(CUTOFF)
    const undone = await changeMeals(parent, asked({ action: 'restore', days }))
    expect(undone).toMatchObject({
      value: { changed: [{ day: WEDNESDAY }], notChanged: [{ day: TUESDAY, verdict: 'late' }] },
    })
    expect(await absentOn(greta)).toEqual([TUESDAY])
  })

  test('is written whole or not at all', async () => {
    const { owner } = await testDatabase()
    await sql`
      create function break_wednesday() returns trigger language plpgsql as $$ begin
        if new.service_day_id = (select id from service_day where day = ${sql.lit(WEDNESDAY)} and municipality_id = new.municipality_id)
        then raise exception 'disk full'; end if; return new; end $$`.execute(owner)
    await sql`create trigger break_wednesday before insert on absence_event for each row execute function break_wednesday()`.execute(
      owner,
    )
    try {
      await expect(changeMeals(parent, asked({ days: [TUESDAY, WEDNESDAY] }))).rejects.toThrow('disk full')
    } finally {
      await sql`drop trigger break_wednesday on absence_event`.execute(owner)
      await sql`drop function break_wednesday()`.execute(owner)
    }
    expect(await absentOn(greta)).toEqual([])
    expect(await rowsOf('absence_receipt')).toBe(0)
  })
})

describe('a lost answer', () => {
  test('the same key again answers the same receipt, even after the cutoff, and changes nothing', async () => {
    const request = asked()
    const first = await changeMeals(parent, request)
    await changeMeals(delegate, asked({ action: 'restore' }))
    await setClock(CUTOFF)
    const second = await changeMeals(parent, request)
    expect(second).toEqual({ ok: true, value: { ...(first.ok && first.value), replayed: true } })
    expect(await absentOn(greta)).toEqual([])
    expect(await rowsOf('absence_receipt')).toBe(2)
  })

  test('a change that a later one replaced does nothing when it arrives', async () => {
    const lost = asked({ days: [WEDNESDAY] })
    const undo = asked({ action: 'restore', days: [WEDNESDAY], replaces: [lost.idempotencyKey] })
    expect(await changeMeals(parent, undo)).toMatchObject({ code: 'meals:already-so' })
    expect(await changeMeals(parent, lost)).toEqual({ ok: false, code: 'meals:overtaken' })
    expect(await absentOn(greta)).toEqual([])
  })

  test('a key is overtaken for its own person alone, and is forgotten after a week', async () => {
    const own = asked({ days: [WEDNESDAY] })
    await changeMeals(delegate, asked({ action: 'restore', replaces: [own.idempotencyKey] }))
    await setClock('2026-12-02T07:00:00Z')
    expect(await purgeOvertakenChanges()).toBeGreaterThan(0)
    await setClock(MORNING)
    expect(await changeMeals(parent, own)).toMatchObject({ ok: true })
  })

  test('a change that was done answers its receipt also when a later one replaced it', async () => {
    const first = asked()
    const done = await changeMeals(parent, first)
    await changeMeals(parent, asked({ action: 'restore', replaces: [first.idempotencyKey] }))
    expect(await changeMeals(parent, first)).toMatchObject({
      ok: true,
      value: { receiptId: done.ok && done.value.receiptId, replayed: true },
    })
    expect(await absentOn(greta)).toEqual([])
  })

  test('the same key for something else is refused', async () => {
    const request = asked()
    await changeMeals(parent, request)
    expect(await changeMeals(parent, { ...request, days: [WEDNESDAY] })).toMatchObject({
      code: 'request:key-reused',
    })
    expect(await absentOn(greta)).toEqual([TUESDAY])
  })

  test('a key is one’s own: with the other parent’s it is another request', async () => {
    const request = asked()
    const first = await changeMeals(parent, request)
    const other = await changeMeals(delegate, { ...request, days: [WEDNESDAY] })
    expect(other).toMatchObject({ ok: true, value: { replayed: false, changed: [{ day: WEDNESDAY }] } })
    expect(first.ok && other.ok && first.value.number === other.value.number).toBe(false)
  })

  test('twenty together with one key make one receipt', async () => {
    const request = asked()
    const answers = await Promise.all(Array.from({ length: 20 }, () => changeMeals(parent, request)))
    expect(new Set(answers.map((answer) => answer.ok && answer.value.number)).size).toBe(1)
    expect(await rowsOf('absence_receipt')).toBe(1)
  })

  test('one key used together for two different children serves only one of them', async () => {
    const request = asked()
    const answers = await Promise.all([
      changeMeals(parent, request),
      changeMeals(parent, { ...request, pupilIds: [sofia] }),
    ])
    expect(answers.map((answer) => (answer.ok ? 'done' : answer.code)).sort()).toEqual([
      'done',
      'request:key-reused',
    ])
    expect([...(await absentOn(greta)), ...(await absentOn(sofia))]).toHaveLength(1)
  })
})

describe('two parents together', () => {
  test('never corrupt a day: events and state tell one story', async () => {
    await Promise.all(
      Array.from({ length: 24 }, (_, i) =>
        changeMeals(
          i % 2 ? parent : delegate,
          asked({
            action: i % 3 ? 'cancel' : 'restore',
            pupilIds: bothGirls(),
            days: [TUESDAY, WEDNESDAY, THURSDAY],
          }),
        ),
      ),
    )
    const { owner } = await testDatabase()
    const { rows } = await sql<{ faults: number }>`
      with story as (
        select service_day_id, pupil_id, count(*) filter (where kind = 'cancelled') - count(*) filter (where kind = 'restored') as absent
        from absence_event where municipality_id = ${municipality.municipalityId} group by 1, 2)
      select count(*) as faults from story left join absence a using (service_day_id, pupil_id)
      where absent <> (a.pupil_id is not null)::int`.execute(owner)
    expect(rows[0]?.faults).toBe(0)
  })

  test('a cancellation that holds the day makes its close wait', async () => {
    await setClock('2026-11-24T08:30:03.000Z')
    const { web } = await testDatabase()
    const scope = {
      municipalityId: municipality.municipalityId,
      audience: 'family',
      personId: parent.personId,
    } as const
    await inScope(
      scope,
      async (trx) => {
        await sql`select id from service_day where id = ${tuesday} for share`.execute(trx)
        await closeDueDays()
        expect(await statusOf(tuesday)).toBe('open')
      },
      web,
    )
    await closeDueDays()
    expect(await statusOf(tuesday)).toBe('closed')
  })
})

describe('what a family reads', () => {
  test('a month shows presence by default, absences, closures and days without canteen', async () => {
    await anAbsence(municipality, household, greta, tuesday)
    await suspend(WEDNESDAY, 'Sciopero')
    const page = await readMonthPage(parent, greta, '2026-11')
    if (page === null || page === 'no-children') throw new Error('no month')
    expect(page.child).toMatchObject({
      givenName: 'Greta',
      className: '3A',
      serviceName: 'Refezione Scolastica',
    })
    expect(page.cutoffRule).toEqual({ time: '9:30', daysBefore: 0 })
    expect(page.open).toEqual({ from: TUESDAY, to: THURSDAY, nextCutoff: new Date(CUTOFF) })
    expect(page.states.get(TUESDAY)?.kind).toBe('absent')
    expect(page.states.get(WEDNESDAY)).toMatchObject({ kind: 'closed', why: 'Sciopero' })
    expect(page.states.get(THURSDAY)?.kind).toBe('present')
    expect(page.states.get('2026-11-27')?.kind).toBe('unplanned')
    expect(page.siblings).toHaveLength(2)
  })

  test('a past day that was closed and charged is consumed', async () => {
    await setClock('2026-11-24T08:31:00Z')
    await closeDueDays()
    await setClock('2026-11-25T06:00:00Z')
    const page = await readMonthPage(parent, greta, '2026-11')
    if (page === null || page === 'no-children') throw new Error('no month')
    expect(page.states.get(TUESDAY)?.kind).toBe('consumed')
  })

  test('a month outside the school year becomes the nearest inside', async () => {
    expect(await readMonthPage(parent, greta, '2030-01')).toMatchObject({ month: '2027-06' })
    expect(await readMonthPage(parent, null, null)).toMatchObject({ month: '2026-11' })
  })

  test('today shows each child, the next days in order, and the balance for the holder alone', async () => {
    const tueToFri = await aSchool(municipality, 'Scuola del Borgo')
    const nina = await aPupil(municipality, household.householdId, { name: 'Nina', school: tueToFri })
    const forHolder = await readTodayPage(parent)
    expect(forHolder.children.find(({ id }) => id === greta)).toMatchObject({
      today: { kind: 'present' },
      next: [{ day: WEDNESDAY }, { day: THURSDAY }],
    })
    expect(forHolder.children.find(({ id }) => id === nina)).toMatchObject({
      today: { kind: 'unplanned' },
      next: [],
    })
    expect(forHolder.balances).toMatchObject([{ householdId: household.householdId, balanceCents: 0 }])
    expect((await readTodayPage(delegate)).balances).toEqual([])
  })

  test('a notice about money is not for the delegate', async () => {
    await aCommunication(municipality, { title: 'Menù d’inverno' })
    await aCommunication(municipality, {
      title: 'Sollecito di ricarica',
      about: 'money',
      audience: { to: 'households', ids: [household.householdId], inDebt: false },
    })
    expect((await readTodayPage(parent)).latestCommunication?.title).toBe('Sollecito di ricarica')
    expect((await readTodayPage(delegate)).latestCommunication?.title).toBe('Menù d’inverno')
  })

  test('another person’s child, day, receipt and preview do not exist', async () => {
    const stranger = (await aHousehold(municipality)).holderViewer
    const done = await changeMeals(parent, asked())
    if (!done.ok) throw new Error(done.code)
    expect(await readMonthPage(stranger, greta, '2026-11')).toBeNull()
    expect(await dayHistory(stranger, greta, TUESDAY)).toBeNull()
    expect(await readReceipt(stranger, done.value.receiptId)).toBeNull()
    expect(await previewBatch(stranger, asked())).toBeNull()
    expect(await readMonthPage(stranger, null, null)).toBe('no-children')
    expect((await readTodayPage(stranger)).children).toEqual([])
  })

  test('with the application’s ownership bypassed the database still shows and changes nothing', async () => {
    const stranger = await aHousehold(municipality)
    const { web } = await testDatabase()
    await changeMeals(parent, asked())
    const scope = {
      municipalityId: municipality.municipalityId,
      audience: 'family',
      personId: stranger.holder.personId,
    } as const
    await inScope(
      scope,
      async (trx) => {
        for (const table of ['pupil', 'enrolment', 'absence', 'absence_event', 'absence_receipt'] as const) {
          expect(await trx.selectFrom(table).selectAll().execute(), table).toEqual([])
        }
        expect(Number((await trx.deleteFrom('absence').executeTakeFirst()).numDeletedRows)).toBe(0)
      },
      web,
    )
    // Believing a forged membership, the application would let the stranger in: the database does not.
    const forged = { ...stranger.holderViewer, memberships: parent.memberships }
    expect(await changeMeals(forged, asked({ action: 'restore' }))).toMatchObject({
      code: 'request:not-found',
    })
    expect(await readMonthPage(forged, greta, '2026-11')).toBeNull()
    expect(await absentOn(greta)).toEqual([TUESDAY])
  })
})
