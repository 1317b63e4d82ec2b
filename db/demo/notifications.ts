import { type Kysely, sql } from 'kysely'
import type { DB } from '../schema.ts'

/**
 * The history of the demonstration's messages: those from before today were sent, a few mailboxes did not exist and
 * one connection dropped, and families have read all but the latest.
 */
export async function seedDeliveries(owner: Kysely<DB>, municipalityId: string, now: Date): Promise<void> {
  const yesterday = new Date(now.getTime() - 24 * 60 * 60 * 1000)
  await sql`
    update outbox o set due_at = null, attempts = 1,
      outcome = case when n.place in (7, 23) then 'refused' when n.place = 31 then 'in_doubt' else 'sent' end,
      sent_at = case when n.place in (7, 23, 31) then null else o.created_at + interval '4 seconds' end,
      last_error = case when n.place in (7, 23) then 'EENVELOPE RCPT TO 550 5.1.1' when n.place = 31 then 'ECONNECTION CONN' end
    from (
      select id, case when count(*) over (partition by batch_id) > 40 then row_number() over (partition by batch_id order by id) end as place
      from outbox where municipality_id = ${municipalityId} and created_at < ${yesterday}
    ) n
    where o.municipality_id = ${municipalityId} and o.id = n.id`.execute(owner)
  await sql`
    update notification set read_at = created_at + interval '3 hours'
    where municipality_id = ${municipalityId} and created_at < ${new Date(now.getTime() - 12 * 24 * 60 * 60 * 1000)}`.execute(
    owner,
  )
}
