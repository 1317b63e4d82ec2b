import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { hashOfCode } from '#lib/identity/fiscal-code-hash.commands.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { type HandOverFacts, type MoneyLeft, UNDO_DAYS, type UndoFacts } from './hand-over.ts'

/** Accounts and payments under way of a household, as columns of a statement. */
const moneyLeft = (municipalityId: string, householdId: string): RawBuilder<MoneyLeft> => sql`
  coalesce((select jsonb_agg(jsonb_build_object('serviceName', s.name, 'balanceCents', a.balance_cents) order by s.name, a.id)
    from account a join service s on s.municipality_id = ${municipalityId} and s.id = a.service_id
    where a.municipality_id = ${municipalityId} and a.household_id = ${householdId}::uuid), '[]') as balances,
  coalesce((select jsonb_agg(jsonb_build_object('payerName', p.full_name, 'amountCents', t.amount_cents,
      'createdAt', t.created_at) order by t.created_at, t.id)
    from top_up t join person p on p.municipality_id = ${municipalityId} and p.id = t.payer_id
    where t.municipality_id = ${municipalityId} and t.household_id = ${householdId}::uuid
      and t.state in ('redirected', 'pending')), '[]') as "openTopUps"`

/** The holder of a household now, and who made them the holder. */
const holderNow = (municipalityId: string, householdId: string): RawBuilder<HandOverFacts['holder']> => sql`
  (select jsonb_build_object('memberId', m.id, 'personId', p.id, 'name', p.full_name, 'givenBy', m.given_by,
      'giverName', g.full_name)
    from active_member m
    join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
    left join person g on g.municipality_id = ${municipalityId} and g.id = m.given_by
    where m.municipality_id = ${municipalityId} and m.household_id = ${householdId}::uuid and m.role = 'holder' limit 1)`

/** The holder of a household now. */
export async function presentHolder(
  trx: Trx,
  municipalityId: string,
  householdId: string,
): Promise<HandOverFacts['holder']> {
  const { rows } = await sql<{ holder: HandOverFacts['holder'] }>`
    select ${holderNow(municipalityId, householdId)} as holder`.execute(trx)
  return rows[0]?.holder ?? null
}

/** What a change of holder touches, and whose the typed code is. */
export async function handOverFacts(
  trx: Trx,
  municipalityId: string,
  { householdId, fiscalCode }: { householdId: string; fiscalCode: string },
): Promise<HandOverFacts> {
  const hash = await hashOfCode(trx, fiscalCode)
  const { rows } = await sql<HandOverFacts>`
    select ${holderNow(municipalityId, householdId)} as holder, app_today() as today,
      (select jsonb_build_object('id', p.id, 'givenName', p.given_name, 'familyName', p.family_name, 'birthDay', p.birth_date,
          'holds', coalesce((select jsonb_agg(h.name order by h.name, h.id) from active_member m
            join household h on h.municipality_id = ${municipalityId} and h.id = m.household_id
            where m.municipality_id = ${municipalityId} and m.person_id = p.id and m.role = 'holder'
              and m.household_id <> ${householdId}::uuid), '[]'))
        from person p
        where p.municipality_id = ${municipalityId} and p.id = kept_person(${municipalityId}::uuid, person_with_code(${municipalityId}::uuid, ${hash}))) as known,
      exists (select from pupil c where c.municipality_id = ${municipalityId} and c.fiscal_code = ${fiscalCode}) as "isPupil",
      coalesce((select jsonb_agg(p.full_name order by p.full_name) from active_member m
        join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
        where m.municipality_id = ${municipalityId} and m.household_id = ${householdId}::uuid and m.role = 'delegate'
          and m.person_id is distinct from kept_person(${municipalityId}::uuid, person_with_code(${municipalityId}::uuid, ${hash}))), '[]') as delegates,
      (select count(*)::int from delegate_invitation i where i.municipality_id = ${municipalityId}
        and i.household_id = ${householdId}::uuid and i.closed_at is null) as invitations,
      ${moneyLeft(municipalityId, householdId)}`.execute(trx)
  return rows[0] as HandOverFacts
}

/** The last change of holder of a household, if the present holder came by one: an undone change is none. */
export async function undoFacts(
  trx: Trx,
  municipalityId: string,
  householdId: string,
): Promise<UndoFacts | null> {
  const { rows } = await sql<UndoFacts>`
    select m.id as "memberId", p.full_name as name, p.id as "personId", b.full_name as "beforeName", b.id as "beforePersonId",
      m.started_at > app_now() - make_interval(days => ${UNDO_DAYS}) as "isInTime",
      exists (select from household_member d where d.municipality_id = ${municipalityId} and d.household_id = m.household_id
        and d.person_id = m.person_id and d.role = 'delegate' and d.ended_at = m.started_at
        and (d.valid_to is null or d.valid_to >= app_today())) as "wasDelegate",
      ${moneyLeft(municipalityId, householdId)}
    from active_member m
    join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
    join household_member before on before.municipality_id = ${municipalityId} and before.household_id = m.household_id
      and before.role = 'holder' and before.ended_at = m.started_at and before.person_id <> m.person_id
    join person b on b.municipality_id = ${municipalityId} and b.id = before.person_id
    where m.municipality_id = ${municipalityId} and m.household_id = ${householdId}::uuid and m.role = 'holder'
    order by before.id desc limit 1`.execute(trx)
  return rows[0] ?? null
}

/** The change of holder that the office can undo now, with who would come back; null where there is none. */
export async function undoableHandOver(
  viewer: Viewer,
  householdId: string,
): Promise<Pick<UndoFacts, 'name' | 'beforeName'> | null> {
  if (!allowedToStaff(viewer, 'household:manage') || !isUuid(householdId)) return null
  const facts = await asStaff(viewer, (trx) => undoFacts(trx, viewer.municipalityId, householdId))
  return facts?.isInTime ? { name: facts.name, beforeName: facts.beforeName } : null
}
