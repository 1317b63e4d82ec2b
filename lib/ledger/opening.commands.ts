import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { systemAccount } from './journal.commands.ts'

/** What a household had left with an earlier portal on a day; negative: what it owed. */
export type OpeningBalance = { accountId: string; serviceId: string; amountCents: Cents; day: Day }

/**
 * Writes opening balances, a journal for each account, in the caller's transaction: what the account has from before comes from the
 * opening account of its service. Taking one back is the same with the opposite amount: nothing is ever deleted here.
 * @param key what makes the journals of these accounts: a second time it is refused
 * @returns the journal of each account
 */
export async function postOpenings(
  trx: Trx,
  { municipalityId, personId }: { municipalityId: string; personId: string },
  { key, description }: { key: string; description: string },
  openings: readonly OpeningBalance[],
): Promise<{ accountId: string; journalId: string }[]> {
  if (openings.length === 0) return []
  const services = [...new Set(openings.map(({ serviceId }) => serviceId))].toSorted()
  const source = new Map<string, string>()
  for (const serviceId of services)
    source.set(serviceId, await systemAccount(trx, municipalityId, { kind: 'opening', serviceId }))
  const wanted = openings.map((one) => ({ ...one, sourceId: source.get(one.serviceId) }))
  const { rows } = await sql<{ accountId: string; journalId: string }>`
    with wanted as (
      select n."accountId" as account_id from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as n("accountId" uuid)
    )
    insert into journal (municipality_id, kind, idempotency_key, description, person_id)
    select ${municipalityId}::uuid, 'opening', ${key}::text || ':' || w.account_id, ${description}::text, ${personId}::uuid
    from wanted w
    returning id as "journalId", right(idempotency_key, 36) as "accountId"`.execute(trx)
  const journalOf = new Map(rows.map(({ accountId, journalId }) => [accountId, journalId]))
  const lines = wanted.map((one) => ({ ...one, journalId: journalOf.get(one.accountId) }))
  await sql`
    with lines as (
      select n."journalId" as journal_id, n."accountId" as account_id, n."sourceId" as source_id, n."amountCents" as cents, n.day
      from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as n("journalId" uuid, "accountId" uuid, "sourceId" uuid,
        "amountCents" integer, day date)
    )
    insert into entry (municipality_id, journal_id, account_id, kind, amount_cents, day)
    select ${municipalityId}::uuid, l.journal_id, l.account_id, 'opening', l.cents, l.day from lines l
    union all
    select ${municipalityId}::uuid, l.journal_id, l.source_id, 'opening', 0 - l.cents, l.day from lines l`.execute(
    trx,
  )
  return rows
}
