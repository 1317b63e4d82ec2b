import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { openDatabase } from '#db/client.ts'
import { LOAD_SLUG } from '#db/load.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'

/** Cancellations that parents want while the database dies: each is asked for with the same key until it is answered. */
export type Wish = { viewer: Viewer; pupilId: string; day: Day; key: string; acknowledged: boolean }

/** How many parents ask at the same moment. */
const WRITERS = 8

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** One cancellation per pupil for each of the next three open days, each by the pupil's own holder. */
export async function wishesOfTheMunicipality(ownerUrl: string): Promise<Wish[]> {
  const owner = openDatabase(ownerUrl, { poolSize: 1 })
  const { rows } = await sql<{ m: string; person: string; household: string; pupil: string; day: Day }>`
    select p.municipality_id as m, hm.person_id as person, p.household_id as household, p.id as pupil, d.day
    from pupil p
    join household_member hm on hm.municipality_id = p.municipality_id and hm.household_id = p.household_id
    join enrolment e on e.municipality_id = p.municipality_id and e.pupil_id = p.id
    join lateral (select day from service_day d where d.municipality_id = p.municipality_id and d.school_id = e.school_id
      and d.status = 'open' and d.cutoff_at > app_now() + interval '10 minutes' order by day limit 3) d on true
    join municipality m on m.id = p.municipality_id and m.slug = ${LOAD_SLUG}`.execute(owner)
  await owner.destroy()
  return rows.map((row) => ({
    viewer: {
      municipalityId: row.m,
      personId: row.person,
      citizenId: randomUUID(),
      sessionId: randomUUID(),
      name: '',
      memberships: [{ householdId: row.household, role: 'holder' }],
      staffRoles: [],
    },
    pupilId: row.pupil,
    day: row.day,
    key: randomUUID(),
    acknowledged: false,
  }))
}

async function fulfil(wish: Wish): Promise<void> {
  const { viewer, pupilId, day, key } = wish
  const change = { action: 'cancel', pupilIds: [pupilId], days: [day], idempotencyKey: key } as const
  const answer = await changeMeals(viewer, { ...change, channel: 'web' }).catch(() => null)
  if (answer?.ok) wish.acknowledged = true
}

/** Eight parents at a time, until none is left or `goesOn` says no. Whoever gets no answer asks again later. */
export async function fulfilAll(some: readonly Wish[], goesOn: () => boolean = () => true): Promise<void> {
  const queue = [...some]
  const writer = async () => {
    for (let wish = queue.shift(); wish && goesOn(); wish = queue.shift()) {
      await fulfil(wish)
      if (wish.acknowledged) continue
      queue.push(wish)
      await pause(25)
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, writer))
}

/** Until so many were answered in all; a server that answers nothing for twenty seconds fails the test by its count. */
export async function untilAcknowledged(wishes: readonly Wish[], many: number): Promise<void> {
  const started = performance.now()
  while (performance.now() - started < 20_000) {
    if (wishes.filter((wish) => wish.acknowledged).length >= many) return
    await pause(5)
  }
}

type Written = { absences: string[]; events: number; receipts: number; faults: number }

/** What of these wishes is in the database, and how many journals of its ledger do not sum to zero. */
export async function written(ownerUrl: string, wishes: readonly Wish[]): Promise<Written> {
  const owner = openDatabase(ownerUrl, { poolSize: 1 })
  const mine = sql`receipt_id in (select id from absence_receipt where idempotency_key = any(${wishes.map((w) => w.key)}::uuid[]))`
  const absences = await sql<{ at: string }>`
    select a.pupil_id || ' ' || d.day as at from absence a
    join service_day d on d.municipality_id = a.municipality_id and d.id = a.service_day_id where ${mine}`.execute(
    owner,
  )
  const counts = await sql<{ events: number; receipts: number; faults: number }>`
    select (select count(*) from absence_event where ${mine})::int as events,
      (select count(*) from absence_receipt where idempotency_key = any(${wishes.map((w) => w.key)}::uuid[]))::int as receipts,
      (select count(*) from (select 1 from entry group by journal_id having sum(amount_cents) <> 0) u)::int as faults`.execute(
    owner,
  )
  await owner.destroy()
  return {
    absences: absences.rows.map((row) => row.at),
    ...(counts.rows[0] as { events: number; receipts: number; faults: number }),
  }
}
