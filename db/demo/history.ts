import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { issueInvoice } from '#lib/invoices/invoice.commands.ts'
import { addDays, type Day, dayInRome, instantInRome } from '#lib/kernel/day.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import { asSystem, type Db, type Trx } from '../client.ts'
import { RUNNING_CLOCK } from '../demonstration.ts'
import type { DemoYear } from './calendar.ts'
import { DEMO_PRICE_CENTS, type DemoHousehold, type DemoMunicipality } from './municipality.ts'

type Happening = { at: Date; happen: () => Promise<unknown> }

/**
 * Replays the school year up to `now` through the product's own commands: the clock of the empty database moves from one
 * event to the next, absences are written, days are closed, top-ups are credited and invoiced.
 */
export async function liveUntil(
  owner: Db,
  now: Date,
  municipality: DemoMunicipality,
  year: DemoYear,
  households: readonly DemoHousehold[],
): Promise<void> {
  const today = dayInRome(now)
  const happenings = [
    ...(await closings(owner, municipality, households, now)),
    ...households.flatMap((household) => topUps(municipality, year, household, now)),
  ].sort((a, b) => a.at.getTime() - b.at.getTime())
  for (const { at, happen } of happenings) {
    await stopClock(owner, at)
    await happen()
  }
  await stopClock(owner, instantInRome(year.serviceFrom, '00:10'))
  for (const household of households) await openAccount(municipality, household)
  await stopClock(owner, now)
  for (const household of households.slice(0, 1)) await planAbsences(owner, municipality, household, today)
}

/** Stops the database's clock at an instant. Only the seed of a database that is claimed for the demonstration does this, as its owner. */
export const stopClock = (owner: Db, at: Date) =>
  sql
    .raw(`create or replace function app_now() returns timestamptz language sql stable
      as 'select timestamptz ''${at.toISOString()}'''`)
    .execute(owner)

/** Gives the database its own clock back. */
export const runClock = (owner: Db) =>
  sql
    .raw(`create or replace function app_now() returns timestamptz language sql stable as '${RUNNING_CLOCK}'`)
    .execute(owner)

/** Every past close, preceded by that morning's absences. */
async function closings(
  owner: Db,
  municipality: DemoMunicipality,
  households: readonly DemoHousehold[],
  now: Date,
): Promise<Happening[]> {
  const days = await owner
    .selectFrom('service_day')
    .select(['day', 'close_at'])
    .where('municipality_id', '=', municipality.municipalityId)
    .where('close_at', '<=', now)
    .groupBy(['day', 'close_at'])
    .execute()
  return days.flatMap(({ day, close_at }, n) => [
    {
      at: instantInRome(day, '08:05'),
      happen: async () => {
        for (const [i, household] of households.entries()) {
          const absent = household.pupilIds.filter(
            (_, child) => (n * 5 + i * 3 + child * 7) % household.family.absentOneIn === 2,
          )
          await markAbsent(owner, municipality, household, absent, [day])
        }
      },
    },
    { at: close_at, happen: () => closeDueDays() },
  ])
}

/** Future absences, for the calendar of the manual's family. */
async function planAbsences(
  owner: Db,
  municipality: DemoMunicipality,
  household: DemoHousehold,
  today: Day,
): Promise<void> {
  const days = [8, 9, 10].map((ahead) => addDays(today, ahead))
  await markAbsent(owner, municipality, household, household.pupilIds.slice(0, 1), days)
}

/** One receipt for the given pupils and days, as a parent's confirmation would have left it. */
async function markAbsent(
  owner: Db,
  municipality: DemoMunicipality,
  household: DemoHousehold,
  pupilIds: readonly string[],
  days: readonly Day[],
): Promise<void> {
  if (pupilIds.length === 0) return
  const municipality_id = municipality.municipalityId
  const rows = await owner
    .selectFrom('service_day as d')
    .innerJoin('enrolment as e', (join) =>
      join
        .onRef('e.municipality_id', '=', 'd.municipality_id')
        .onRef('e.service_id', '=', 'd.service_id')
        .onRef('e.school_id', '=', 'd.school_id')
        .onRef('e.valid_from', '<=', 'd.day')
        .onRef('e.valid_to', '>=', 'd.day'),
    )
    .select(['d.id as service_day_id', 'd.day', 'e.pupil_id'])
    .where('d.municipality_id', '=', municipality_id)
    .where('d.day', 'in', days)
    .where('d.status', '=', 'open')
    .where('e.pupil_id', 'in', pupilIds)
    .execute()
  if (rows.length === 0) return
  const changed = rows.map(({ day }) => day).sort()
  await owner.transaction().execute(async (trx) => {
    const { id: receipt_id } = await trx
      .insertInto('absence_receipt')
      .values({
        municipality_id,
        number: `MZC-${randomBytes(4).toString('hex').toUpperCase()}`,
        household_id: household.householdId,
        person_id: household.holderId,
        action: 'cancel',
        channel: 'web',
        idempotency_key: randomUUID(),
        request_hash: createHash('sha256').update(JSON.stringify(rows)).digest(),
        first_day: changed[0] as Day,
        last_day: changed.at(-1) as Day,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const events = rows.map((row) => ({ municipality_id, receipt_id, ...row, kind: 'cancelled' as const }))
    await trx
      .insertInto('absence')
      .values(events.map(({ day: _, kind: __, ...absence }) => absence))
      .execute()
    await trx.insertInto('absence_event').values(events).execute()
  })
}

function topUps(
  municipality: DemoMunicipality,
  year: DemoYear,
  household: DemoHousehold,
  now: Date,
): Happening[] {
  return household.family.topUps
    .map((topUp) => ({ ...topUp, at: instantInRome(addDays(year.serviceFrom, topUp.after), '20:15') }))
    .filter(({ at }) => at < now)
    .map(({ at, meals, method }) => ({
      at,
      happen: () => creditTopUp(municipality, household, { meals, method }),
    }))
}

/** A paid top-up as the settlement leaves it: transitions, journal, invoice. */
const creditTopUp = (
  municipality: DemoMunicipality,
  household: DemoHousehold,
  { meals, method }: { meals: number; method: 'card' | 'mybank' },
) =>
  asSystem(municipality.municipalityId, async (trx) => {
    const municipality_id = municipality.municipalityId
    const { id: topUpId } = await trx
      .insertInto('top_up')
      .values({
        municipality_id,
        household_id: household.householdId,
        account_id: household.accountId,
        payer_id: household.holderId,
        client_key: randomUUID(),
        meals,
        unit_cents: DEMO_PRICE_CENTS,
        method,
        provider: 'nexi',
        order_id: `D${randomBytes(8).toString('hex').toUpperCase()}`,
        notification_key: randomBytes(24).toString('hex'),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await trx
      .updateTable('top_up')
      .set({
        state: 'paid',
        paid_at: sql<Date>`app_now()`,
        paid_operation_id: randomBytes(4).toString('hex'),
        circuit: method === 'card' ? 'VISA' : 'MYBANK',
      })
      .where('municipality_id', '=', municipality_id)
      .where('id', '=', topUpId)
      .execute()
    await trx
      .insertInto('top_up_transition')
      .values({
        municipality_id,
        top_up_id: topUpId,
        from_state: 'created',
        to_state: 'paid',
        cause: 'demonstration',
      })
      .execute()
    await postJournal(trx, municipality_id, {
      kind: 'top_up',
      idempotencyKey: `top_up:${topUpId}`,
      description: `Ricarica di ${meals} pasti`,
      lines: [
        { accountId: household.accountId, amountCents: meals * DEMO_PRICE_CENTS, topUpId },
        { accountId: await clearing(trx, municipality), amountCents: -meals * DEMO_PRICE_CENTS, topUpId },
      ],
    })
    await issueInvoice(trx, municipality_id, topUpId)
  })

const clearing = (trx: Trx, municipality: DemoMunicipality) =>
  systemAccount(trx, municipality.municipalityId, { kind: 'clearing', serviceId: municipality.serviceId })

/** The opening balance from the year before; where the family has a target balance, the amount that reaches it. */
const openAccount = (municipality: DemoMunicipality, household: DemoHousehold) =>
  asSystem(municipality.municipalityId, async (trx) => {
    const { municipalityId, serviceId } = municipality
    const { balance_cents } = await trx
      .selectFrom('account')
      .select('balance_cents')
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', household.accountId)
      .executeTakeFirstOrThrow()
    const { targetCents, openingCents } = household.family
    const amountCents = targetCents === undefined ? openingCents : targetCents - balance_cents
    if (amountCents === 0) return
    await postJournal(trx, municipalityId, {
      kind: 'opening',
      idempotencyKey: `opening:${household.accountId}`,
      description: 'Saldo iniziale dal vecchio portale',
      lines: [
        { accountId: household.accountId, amountCents },
        {
          accountId: await systemAccount(trx, municipalityId, { kind: 'opening', serviceId }),
          amountCents: -amountCents,
        },
      ],
    })
  })
