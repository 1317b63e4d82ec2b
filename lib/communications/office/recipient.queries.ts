import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { RecipientFilter } from '../communication.address.ts'

/** A person to whom a communication was addressed, and what they did with the version that is out. */
export type RecipientLine = {
  household: string
  person: string
  role: 'holder' | 'delegate'
  hadEmail: boolean
  readAt: Date | null
  acknowledgedAt: Date | null
  wasLate: boolean
  /** For a household that confirms once: the person who did. */
  acknowledgedBy: string | null
}

type RecipientRow = RecipientLine & { household_id: string; person_id: string; asked: boolean }

export type RecipientPage = { lines: RecipientLine[]; total: number; page: number; pages: number }

const RECIPIENTS_A_PAGE = 50
const MOST_RECIPIENTS = 50_000

/** Rows of recipients of the published version, by what they did. */
const recipientRows = (municipalityId: string, id: string): RawBuilder<unknown> => sql`
  select p.household_id, p.person_id, h.name as household, n.family_name || ' ' || n.given_name as person, p.role,
    p.had_email as "hadEmail", d.read_at as "readAt", k.acknowledged_at as "acknowledgedAt", coalesce(k.was_late, false) as "wasLate",
    b.full_name as "acknowledgedBy", v.acknowledgement <> 'none' as asked
  from communication_recipient_person p
  join communication c on c.municipality_id = ${municipalityId} and c.id = p.communication_id
  join communication_version v on v.municipality_id = ${municipalityId} and v.communication_id = c.id and v.number = c.published_version
  join household h on h.municipality_id = ${municipalityId} and h.id = p.household_id
  join person n on n.municipality_id = ${municipalityId} and n.id = p.person_id
  left join communication_read d on d.municipality_id = ${municipalityId} and d.communication_id = p.communication_id
    and d.version = c.published_version and d.person_id = p.person_id
  left join lateral (select a.acknowledged_at, a.was_late, a.person_id from communication_acknowledgement a
    where a.municipality_id = ${municipalityId} and a.communication_id = p.communication_id and a.version = c.published_version
      and a.household_id = p.household_id and (a.once_per = 'household' or a.person_id = p.person_id) limit 1) k on true
  left join person b on b.municipality_id = ${municipalityId} and b.id = k.person_id
  where p.municipality_id = ${municipalityId} and p.communication_id = ${id}::uuid`

const RECIPIENT_CONDITIONS: Record<RecipientFilter, RawBuilder<unknown>> = {
  all: sql`true`,
  unread: sql`r."readAt" is null`,
  read: sql`r."readAt" is not null`,
  unacknowledged: sql`r.asked and r."acknowledgedAt" is null`,
  acknowledged: sql`r."acknowledgedAt" is not null`,
}

/**
 * Who got a communication and what they did, by household and surname; null for a viewer who may not read it. Who did not read
 * and who did not confirm, for the letter or the call that may follow.
 * @param page null: all of them, for a file
 */
export async function recipientsOf(
  viewer: Viewer,
  id: string,
  filter: RecipientFilter,
  page: number | null,
): Promise<RecipientPage | null> {
  // Names of families: the municipality's editors read the text, not who got it.
  if (!allowedToStaff(viewer, 'communications:write') || !isUuid(id)) return null
  const limit = page === null ? MOST_RECIPIENTS : RECIPIENTS_A_PAGE
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<RecipientRow & { total: number }>`
      select r.*, count(*) over ()::int as total from (${recipientRows(viewer.municipalityId, id)}) r
      where ${RECIPIENT_CONDITIONS[filter]} order by r.household, r.household_id, r.role desc, r.person
      limit ${limit} offset ${page === null ? 0 : (page - 1) * RECIPIENTS_A_PAGE}`.execute(trx)
    const total = rows[0]?.total ?? 0
    return {
      lines: rows.map(recipientOf),
      total,
      page: page ?? 1,
      pages: Math.max(1, Math.ceil(total / RECIPIENTS_A_PAGE)),
    }
  })
}

/** All of them for a file that leaves the portal; written in the register. */
export async function recipientsToDownload(
  viewer: Viewer,
  id: string,
  filter: RecipientFilter,
): Promise<RecipientLine[] | null> {
  const found = await recipientsOf(viewer, id, filter, null)
  if (!found || found.total === 0) return null
  await asStaff(viewer, (trx) =>
    recordAudit(trx, viewer, {
      action: 'communications.recipients-downloaded',
      objectType: 'communication',
      objectId: id,
      details: { rows: found.lines.length },
    }),
  )
  return found.lines
}

const recipientOf = (row: RecipientLine): RecipientLine => ({
  household: row.household,
  person: row.person,
  role: row.role,
  hadEmail: row.hadEmail,
  readAt: row.readAt,
  acknowledgedAt: row.acknowledgedAt,
  wasLate: row.wasLate,
  acknowledgedBy: row.acknowledgedBy,
})

/** The ids of the people whom a reminder would reach: still in the household, and still without having done it. */
export async function remindable(
  trx: Trx,
  municipalityId: string,
  id: string,
  target: 'unread' | 'unacknowledged',
): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    select distinct r.person_id from (${recipientRows(municipalityId, id)}) r
    where ${RECIPIENT_CONDITIONS[target]} and exists (select from active_member m
      where m.municipality_id = ${municipalityId} and m.household_id = r.household_id and m.person_id = r.person_id)`.execute(
    trx,
  )
  return rows.map((row) => row.person_id)
}
