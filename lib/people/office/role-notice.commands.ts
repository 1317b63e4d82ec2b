import 'server-only'
import { sql } from 'kysely'
import { asSystem, database, type Trx } from '#db/client.ts'
import { env } from '#lib/kernel/env.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { enqueueMail } from '#lib/outbox/message.commands.ts'
import { wordsOfPerson } from '#lib/session/language.commands.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { type RoleNoticeKind, roleMail } from './colleague.notice.ts'
import type { HeldRole } from './colleague.ts'
import { roleInWords } from './colleague.words.ts'

type Due = { municipalityId: string; roleId: string; kind: RoleNoticeKind; day: string }

/**
 * Tells colleagues that a role begins, is about to end or has ended: each day of a role once, the roles of one person in one mail.
 * What is written down and the mails are one transaction.
 * @returns how many days were written down
 */
export async function tellDaysOfRoles(): Promise<number> {
  const { rows } = await sql<Due>`
    select municipality_id as "municipalityId", role_id as "roleId", kind, day from due_role_notices()`.execute(
    database(),
  )
  let told = 0
  for (const [id, due] of Map.groupBy(rows, ({ municipalityId }) => municipalityId))
    told += await asSystem(id, (trx) => tell(trx, id, due))
  return told
}

async function tell(trx: Trx, municipalityId: string, due: readonly Due[]): Promise<number> {
  const { rows } = await sql<Omit<Due, 'municipalityId'>>`
    insert into role_notice (municipality_id, role_id, kind, day)
    select ${municipalityId}::uuid, d.id, d.kind, d.day
    from unnest(${due.map(({ roleId }) => roleId)}::uuid[], ${due.map(({ kind }) => kind)}::text[], ${due.map(({ day }) => day)}::date[])
      as d (id, kind, day)
    order by d.id, d.kind
    on conflict do nothing
    returning role_id as "roleId", kind, day`.execute(trx)
  const roles = await rolesOf(
    trx,
    municipalityId,
    rows.map(({ roleId }) => roleId),
  )
  const lines = rows.flatMap((line) => {
    const role = roles.find(({ id }) => id === line.roleId)
    return role ? [{ ...line, role }] : []
  })
  const letters = Map.groupBy(lines, ({ kind, role }) => `${kind} ${role.personId}`)
  for (const letter of letters.values()) await write(trx, municipalityId, letter)
  return rows.length
}

type ToldRole = Pick<HeldRole, 'id' | 'role' | 'schoolName' | 'className' | 'kitchenName'> & {
  personId: string
  givenName: string
  address: string | null
  municipalityName: string
  slug: string
}

async function rolesOf(trx: Trx, municipalityId: string, ids: readonly string[]): Promise<ToldRole[]> {
  const { rows } = await sql<ToldRole>`
    select r.id, r.role, s.name as "schoolName", c.name as "className", k.name as "kitchenName", p.id as "personId", p.given_name as "givenName",
      coalesce(n.email, nullif(p.email, p.refused_email)) as address, m.name as "municipalityName", m.slug
    from staff_member r
    join person p on p.municipality_id = ${municipalityId} and p.id = r.person_id
    join municipality m on m.id = ${municipalityId}
    left join work_notice n on n.municipality_id = ${municipalityId} and n.person_id = p.id
    left join school s on s.municipality_id = ${municipalityId} and s.id = r.school_id
    left join school_class c on c.municipality_id = ${municipalityId} and c.id = r.school_class_id
    left join kitchen k on k.municipality_id = ${municipalityId} and k.id = r.kitchen_id
    where r.municipality_id = ${municipalityId} and r.id = any (${[...ids]}::uuid[])
    order by r.role, s.name, c.name, k.name`.execute(trx)
  return rows
}

/** Writes down that colleagues know of the first day of roles: an invitation of that day says it. */
export const noteBeginning = (trx: Trx, municipalityId: string, roleIds: readonly string[]) =>
  sql`insert into role_notice (municipality_id, role_id, kind, day)
    select ${municipalityId}::uuid, r.id, 'begins', r.valid_from from staff_member r
    where r.municipality_id = ${municipalityId} and r.id = any (${[...roleIds]}::uuid[]) and r.valid_from = app_today()`.execute(
    trx,
  )

type Line = Omit<Due, 'municipalityId'> & { role: ToldRole }

async function write(trx: Trx, municipalityId: string, letter: readonly Line[]): Promise<void> {
  const [first] = letter
  if (!first) return
  const { kind, role } = first
  if (!role.address) return
  const t = await wordsOfPerson(trx, municipalityId, role.personId)
  const mail = roleMail(
    kind,
    {
      name: role.givenName,
      municipalityName: role.municipalityName,
      roles: letter.map((line) => `${roleInWords(line.role)} (${numericDay(line.day)})`),
      url: `${env().PUBLIC_ORIGIN}/admin/${role.slug}`,
    },
    t,
  )
  await enqueueMail(trx, municipalityId, {
    ...mail,
    language: t.language,
    dedupeKey: `role-${kind}:${role.personId}:${fingerprintOf(letter.map(({ roleId, day }) => [roleId, day]))}`,
    to: role.address,
  })
}
