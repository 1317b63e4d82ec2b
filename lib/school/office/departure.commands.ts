import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { recordAudits } from '#lib/audit/audit.commands.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { goesOn } from './departure.queries.ts'

type Actor = { municipalityId: string; personId: string; sessionId?: string }

type Opened = { householdId: string; serviceId: string; cents: Cents }

/** The last day on which a household pays for a pupil in a service, of its own or on some days; today where there was none. */
const leftOn = (municipalityId: string) => sql`coalesce(greatest(
    (select max(e.valid_to) from enrolment e
      join pupil p on p.municipality_id = ${municipalityId} and p.id = e.pupil_id and p.household_id = a.household_id
      where e.municipality_id = ${municipalityId} and e.service_id = a.service_id),
    (select max(least(e.valid_to, u.valid_to)) from meal_household_rule u
      join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = u.pupil_id and e.service_id = a.service_id
      where u.municipality_id = ${municipalityId} and u.household_id = a.household_id)), app_today())`

/** Whether a household, of the account `a`, pays for no pupil that goes on in the service: neither of its own nor on some days. */
const hasLeft = (municipalityId: string) => sql<boolean>`(not exists (select from enrolment e
    join pupil p on p.municipality_id = ${municipalityId} and p.id = e.pupil_id and p.household_id = a.household_id
    where e.municipality_id = ${municipalityId} and e.service_id = a.service_id and ${goesOn(municipalityId)})
  and not exists (select from meal_household_rule u
    join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = u.pupil_id and e.service_id = a.service_id
    where u.municipality_id = ${municipalityId} and u.household_id = a.household_id and u.valid_to is null
      and ${goesOn(municipalityId)}))`

/**
 * Opens the case of each household that has left a service with a credit: the pupil's own, and one that has days of the pupil. What
 * becomes of it is decided by who handles money. Nothing for a household that goes on, or without a credit. A case that is open has
 * the new last day.
 * @param pupilId a pupil whose enrolments have just been written
 */
export async function openRefund(
  trx: Trx,
  actor: Actor,
  { pupilId, serviceId }: { pupilId: string; serviceId: string },
): Promise<void> {
  const { municipalityId, personId } = actor
  const { rows } = await sql<Opened & { isNew: boolean }>`
    insert into refund_case as r (municipality_id, account_id, household_id, service_id, cause, left_on, opened_by, opened_cents)
    select ${municipalityId}::uuid, a.id, a.household_id, a.service_id, 'ended', ${leftOn(municipalityId)}, ${personId}::uuid, a.balance_cents
    from pupil c
    join account a on a.municipality_id = ${municipalityId} and a.service_id = ${serviceId}::uuid and a.kind = 'household'
      and (a.household_id = c.household_id or a.household_id in (select u.household_id from meal_household_rule u
        where u.municipality_id = ${municipalityId} and u.pupil_id = c.id and (u.valid_to is null or u.valid_to >= app_today())))
    where c.municipality_id = ${municipalityId} and c.id = ${pupilId}::uuid and a.balance_cents > 0 and ${hasLeft(municipalityId)}
    on conflict (municipality_id, account_id) where closed_at is null do update
      set left_on = excluded.left_on, revision = r.revision + 1 where r.left_on <> excluded.left_on
    returning r.household_id as "householdId", r.service_id as "serviceId", r.opened_cents as cents, r.revision = 1 as "isNew"`.execute(
    trx,
  )
  await tell(
    trx,
    actor,
    'refunds.opened',
    rows.filter(({ isNew }) => isNew),
  )
}

/** Opens the cases of a household whose pupils belong to another one now: what it has left stays on its accounts until it is decided. */
export async function openRefundsOfHousehold(trx: Trx, actor: Actor, householdId: string): Promise<void> {
  const { municipalityId, personId } = actor
  const { rows } = await sql<Opened>`
    insert into refund_case (municipality_id, account_id, household_id, service_id, cause, left_on, opened_by, opened_cents)
    select ${municipalityId}::uuid, a.id, a.household_id, a.service_id, 'ended', app_today() - 1, ${personId}::uuid, a.balance_cents
    from account a
    where a.municipality_id = ${municipalityId} and a.household_id = ${householdId}::uuid and a.kind = 'household' and a.balance_cents > 0
    on conflict (municipality_id, account_id) where closed_at is null do nothing
    returning household_id as "householdId", service_id as "serviceId", opened_cents as cents`.execute(trx)
  await tell(trx, actor, 'refunds.opened', rows)
}

/** Closes the cases of a household whose pupils are its own again. The caller knows that none of them is decided. */
export async function returnRefundsOfHousehold(trx: Trx, actor: Actor, householdId: string): Promise<void> {
  const { municipalityId } = actor
  const { rows } = await sql<{ serviceId: string }>`
    update refund_case set closed_at = app_now(), closed_why = 'returned', revision = revision + 1
    where municipality_id = ${municipalityId} and household_id = ${householdId}::uuid and closed_at is null
    returning service_id as "serviceId"`.execute(trx)
  await recordAudits(
    trx,
    actor,
    rows.map(({ serviceId }) => ({
      ...{ action: 'refunds.closed' as const, objectType: 'household', objectId: householdId },
      details: { service: serviceId, why: 'returned' },
    })),
  )
}

/**
 * Opens the case of a second household that has no more days of a pupil, nor of any other, and is left with a credit. Its rules have
 * just been written; the case begins with the last day of the last of them.
 */
export async function openRefundOfSecond(
  trx: Trx,
  actor: Actor,
  { pupilId, householdId }: { pupilId: string; householdId: string },
): Promise<void> {
  const { municipalityId, personId } = actor
  const { rows } = await sql<Opened & { isNew: boolean }>`
    insert into refund_case as r (municipality_id, account_id, household_id, service_id, cause, left_on, opened_by, opened_cents)
    select ${municipalityId}::uuid, a.id, a.household_id, a.service_id, 'ended',
      ${leftOn(municipalityId)}, ${personId}::uuid, a.balance_cents
    from account a
    where a.municipality_id = ${municipalityId} and a.household_id = ${householdId}::uuid and a.kind = 'household' and a.balance_cents > 0
      and exists (select from enrolment e where e.municipality_id = ${municipalityId} and e.pupil_id = ${pupilId}::uuid
        and e.service_id = a.service_id)
      and ${hasLeft(municipalityId)}
    on conflict (municipality_id, account_id) where closed_at is null do update
      set left_on = excluded.left_on, revision = r.revision + 1 where r.left_on <> excluded.left_on
    returning r.household_id as "householdId", r.service_id as "serviceId", r.opened_cents as cents, r.revision = 1 as "isNew"`.execute(
    trx,
  )
  await tell(
    trx,
    actor,
    'refunds.opened',
    rows.filter(({ isNew }) => isNew),
  )
}

/** Opens a case for each household that leaves with a credit by a roll-over that has just been written. */
export async function openRefundsOfRollover(trx: Trx, actor: Actor, rolloverId: string): Promise<void> {
  const { municipalityId, personId } = actor
  const { rows } = await sql<Opened>`
    insert into refund_case (municipality_id, account_id, household_id, service_id, cause, rollover_id, left_on, opened_by, opened_cents)
    select ${municipalityId}::uuid, a.id, a.household_id, a.service_id, 'rollover', ${rolloverId}::uuid, ${leftOn(municipalityId)},
      ${personId}::uuid, a.balance_cents
    from year_rollover_pupil w
    join pupil c on c.municipality_id = ${municipalityId} and c.id = w.pupil_id
    join account a on a.municipality_id = ${municipalityId} and a.household_id = c.household_id and a.service_id = w.service_id
      and a.kind = 'household'
    where w.municipality_id = ${municipalityId} and w.rollover_id = ${rolloverId}::uuid and w.left_cents > 0 and a.balance_cents > 0
    union all
    select distinct a.municipality_id, a.id, a.household_id, a.service_id, 'rollover', ${rolloverId}::uuid, ${leftOn(municipalityId)},
      ${personId}::uuid, a.balance_cents
    from meal_household_rule r
    join year_rollover_pupil w on w.municipality_id = ${municipalityId} and w.rollover_id = ${rolloverId}::uuid and w.pupil_id = r.pupil_id
      and w.outcome = 'leaves'
    join account a on a.municipality_id = ${municipalityId} and a.household_id = r.household_id and a.service_id = w.service_id
      and a.kind = 'household' and a.balance_cents > 0
    where r.municipality_id = ${municipalityId} and r.valid_to is null and ${hasLeft(municipalityId)}
    on conflict (municipality_id, account_id) where closed_at is null do nothing
    returning household_id as "householdId", service_id as "serviceId", opened_cents as cents`.execute(trx)
  await tell(trx, actor, 'refunds.opened', rows)
}

/** Takes back the cases that a roll-over opened, when it is undone. The caller knows that none of them is decided. */
export async function takeRefundsBack(trx: Trx, actor: Actor, rolloverId: string): Promise<void> {
  const { municipalityId } = actor
  const { rows } = await sql<Opened>`
    delete from refund_case where municipality_id = ${municipalityId} and rollover_id = ${rolloverId}::uuid
    returning household_id as "householdId", service_id as "serviceId", opened_cents as cents`.execute(trx)
  await tell(trx, actor, 'refunds.taken-back', rows)
}

const tell = (
  trx: Trx,
  actor: Actor,
  action: 'refunds.opened' | 'refunds.taken-back',
  opened: readonly Opened[],
) =>
  recordAudits(
    trx,
    actor,
    opened.map(({ householdId, serviceId, cents }) => ({
      action,
      objectType: 'household',
      objectId: householdId,
      details: { service: serviceId, cents },
    })),
  )
