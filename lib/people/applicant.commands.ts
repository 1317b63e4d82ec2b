import 'server-only'
import { sql } from 'kysely'
import { asSystem, type Trx } from '#db/client.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { hashOfCode } from '#lib/identity/fiscal-code-hash.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import type { SessionFacts } from '#lib/session/session.queries.ts'
import { municipalityIdBySlug } from './delegate.queries.ts'
import { registerPerson } from './office/person.commands.ts'
import { personOfCitizen } from './person-code.queries.ts'

type Session = Pick<SessionFacts, 'citizenId' | 'sessionId' | 'openedWith'>
type Citizen = { id: string; givenName: string; familyName: string; birthDay: Day }

/** How long an application lasts: a campaign, and the answers that come after it. */
const APPLICATION_DAYS = 180

const UNIQUE_VIOLATION = '23505'

/**
 * Lets a person whom the municipality does not know fill in the forms that enrol a child: writes down who SPID or CIE says they
 * are, and a household that has no member. It gives no role: a request that is accepted does.
 */
export async function apply(
  session: Session,
  municipalitySlug: string,
  asked: { fiscalCode: string; email: string },
): Promise<Result<null>> {
  const write = () =>
    asStranger(session, municipalitySlug, asked.fiscalCode, async (trx, municipalityId, citizen) => {
      const known = await personOfCitizen(trx, municipalityId, citizen.id)
      if (known && (await hasRole(trx, municipalityId, known))) return refused('applicant:known')
      const personId =
        known ??
        (await registerPerson(trx, municipalityId, { ...citizen, ...asked, birthDay: citizen.birthDay }))
      const householdId = await applicationOf(trx, municipalityId, personId, citizen.familyName)
      await recordAudit(
        trx,
        { municipalityId, personId, sessionId: session.sessionId },
        { action: 'applicant.began', objectType: 'household', objectId: householdId },
      )
      return ok(null)
    })
  return write().catch((error) => {
    // Pressed twice: the first press wrote the person in these very milliseconds.
    if (error?.code === UNIQUE_VIOLATION) return write()
    throw error
  })
}

/** The household of the open application, which lasts from today on; of none yet, a new one. */
async function applicationOf(
  trx: Trx,
  municipalityId: string,
  personId: string,
  familyName: string,
): Promise<string> {
  const { rows } = await sql<{ householdId: string }>`
    update household_applicant set valid_to = app_today() + ${APPLICATION_DAYS}::integer
    where municipality_id = ${municipalityId} and person_id = ${personId}::uuid and ended_at is null
    returning household_id as "householdId"`.execute(trx)
  if (rows[0]) return rows[0].householdId
  const { id: householdId } = await trx
    .insertInto('household')
    .values({ municipality_id: municipalityId, name: familyName })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('household_applicant')
    .values({
      municipality_id: municipalityId,
      household_id: householdId,
      person_id: personId,
      valid_to: sql<Day>`app_today() + ${APPLICATION_DAYS}::integer`,
    })
    .execute()
  return householdId
}

export type LinkAsked = {
  fiscalCode: string
  email: string | null
  childGivenName: string
  childFamilyName: string
  childCode: string | null
  childClass: string
  words: string
}

/**
 * Asks the office to be linked to a child who is enrolled. The answer is the same whether there is such a child or not: only a
 * person of the office compares.
 */
export async function askForLink(
  session: Session,
  municipalitySlug: string,
  { fiscalCode, ...asked }: LinkAsked,
): Promise<Result<null>> {
  if (asked.childCode === null && asked.childClass === '')
    return refusedField('childCode', 'applicant:code-or-class')
  if (asked.childCode === fiscalCode) return refusedField('childCode', 'applicant:own-code')
  return asStranger(session, municipalitySlug, fiscalCode, async (trx, municipalityId, citizen) => {
    const { id } = await trx
      .insertInto('link_request')
      .values({
        municipality_id: municipalityId,
        citizen_id: citizen.id,
        given_name: citizen.givenName,
        family_name: citizen.familyName,
        birth_date: citizen.birthDay,
        fiscal_code: fiscalCode,
        email: asked.email,
        child_given_name: asked.childGivenName,
        child_family_name: asked.childFamilyName,
        child_code: asked.childCode,
        child_class: asked.childClass,
        words: asked.words,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await recordAudit(
      trx,
      { municipalityId, sessionId: session.sessionId },
      { action: 'link.asked', objectType: 'link_request', objectId: id },
    )
    return ok(null)
  })
}

/**
 * The person may be unknown to the municipality, so the transaction speaks as the system. Only a session of SPID or CIE itself, and
 * only with the code of that very person: the portal keeps its hash and not the code.
 */
async function asStranger<T>(
  session: Session,
  municipalitySlug: string,
  fiscalCode: string,
  work: (trx: Trx, municipalityId: string, citizen: Citizen) => Promise<Result<T>>,
): Promise<Result<T>> {
  const municipalityId = await municipalityIdBySlug(municipalitySlug)
  if (!municipalityId) return refused('request:not-found')
  if (session.openedWith !== 'identity') return refused('applicant:identity-first')
  return asSystem(municipalityId, async (trx) => {
    const hash = await hashOfCode(trx, fiscalCode)
    const { rows } = await sql<Citizen & { isOwnCode: boolean }>`
      select c.id, c.given_name as "givenName", c.family_name as "familyName", c.birth_date as "birthDay",
        c.fiscal_code_hash = ${hash} as "isOwnCode"
      from citizen c
      join municipality m on m.id = ${municipalityId} and m.opens_on <= app_today()
      where c.id = ${session.citizenId}::uuid`.execute(trx)
    const [found] = rows
    if (!found) return refused('request:not-found')
    const { isOwnCode, ...citizen } = found
    if (!isOwnCode) return refusedField('fiscalCode', 'applicant:other-code')
    return work(trx, municipalityId, citizen)
  })
}

async function hasRole(trx: Trx, municipalityId: string, personId: string): Promise<boolean> {
  const { rows } = await sql<{ hasRole: boolean }>`
    select exists (select from active_member m where m.municipality_id = ${municipalityId} and m.person_id = ${personId}::uuid)
      or exists (select from active_staff_member r where r.municipality_id = ${municipalityId}
        and r.person_id = ${personId}::uuid) as "hasRole"`.execute(trx)
  return rows[0]?.hasRole ?? false
}
