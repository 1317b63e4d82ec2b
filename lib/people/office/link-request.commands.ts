import 'server-only'
import { sql } from 'kysely'
import { reenterScope, type Trx } from '#db/client.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { env } from '#lib/kernel/env.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { enqueueMail } from '#lib/outbox/message.commands.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import type { Language } from '#lib/words/language.ts'
import { ORIGINAL } from '#lib/words/locales.ts'
import { linkAnswerMail, linkedNotice } from '../applicant.notice.ts'
import { personOfCitizen } from '../person-code.queries.ts'
import { type LinkFacts, planLink } from './link-request.ts'
import { registerPerson } from './person.commands.ts'

type Locked = {
  id: string
  citizenId: string
  givenName: string
  familyName: string
  birthDay: Day
  fiscalCode: string
  email: string | null
  state: 'sent' | 'linked' | 'refused'
  decidedBy: string | null
  decidedById: string | null
  fingerprint: string | null
  language: Language | null
  slug: string
  municipalityName: string
}

const onLockedLink = <T>(
  viewer: Viewer,
  id: string,
  lock: 'whole' | 'none',
  work: (trx: Trx, link: Locked) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    'registry:correct',
    { table: 'link_request', id, lock },
    async (trx) => {
      const { rows } = await sql<Locked>`
        select r.id, r.citizen_id as "citizenId", r.given_name as "givenName", r.family_name as "familyName",
          r.birth_date as "birthDay", r.fiscal_code as "fiscalCode", r.email, r.state, p.full_name as "decidedBy", r.decided_by as "decidedById",
          r.plan_fingerprint as fingerprint, c.language, m.slug, m.name as "municipalityName"
        from link_request r
        join citizen c on c.id = r.citizen_id
        join municipality m on m.id = ${viewer.municipalityId}
        left join person p on p.municipality_id = ${viewer.municipalityId} and p.id = r.decided_by
        where r.municipality_id = ${viewer.municipalityId} and r.id = ${id}::uuid`.execute(trx)
      return rows[0] ?? null
    },
    work,
  )

type Decided = { lines: string[]; seen: string; facts: LinkFacts; personId: string | null }

async function decide(
  trx: Trx,
  municipalityId: string,
  link: Locked,
  pupilId: string | null,
): Promise<Result<Decided>> {
  const personId = await personOfCitizen(trx, municipalityId, link.citizenId)
  const { rows } = await sql<Pick<LinkFacts, 'pupil' | 'holder' | 'hasRole'>>`
    select jsonb_build_object('name', c.full_name, 'householdId', h.id, 'familyName', h.name) as pupil,
      (select jsonb_build_object('id', p.id, 'name', p.full_name) from active_member m
        join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
        where m.municipality_id = ${municipalityId} and m.household_id = h.id and m.role = 'holder' limit 1) as holder,
      exists (select from active_member m where m.municipality_id = ${municipalityId} and m.household_id = h.id
        and m.person_id = ${personId}::uuid) as "hasRole"
    from pupil c join household h on h.municipality_id = ${municipalityId} and h.id = c.household_id
    where c.municipality_id = ${municipalityId} and c.id = ${pupilId}::uuid`.execute(trx)
  const facts = {
    name: `${link.givenName} ${link.familyName}`,
    ...(rows[0] ?? { pupil: null, holder: null, hasRole: false }),
  }
  const planned = planLink(facts)
  if (!planned.ok) return planned
  return ok({
    lines: planned.value,
    seen: fingerprintOf({ lines: planned.value, pupilId, holder: facts.holder }),
    facts,
    personId,
  })
}

/** What linking the person to a pupil would do, in words; nothing is done. */
export const previewLink = (
  viewer: Viewer,
  { id, pupilId }: { id: string; pupilId: string | null },
): Promise<Result<{ lines: string[]; seen: string }>> =>
  onLockedLink(viewer, id, 'none', async (trx, link) => {
    if (link.state !== 'sent') return refused('link:decided', { who: link.decidedBy })
    const decided = await decide(trx, viewer.municipalityId, link, pupilId)
    return decided.ok ? ok({ lines: decided.value.lines, seen: decided.value.seen }) : decided
  })

/**
 * Links the person as a delegate of one pupil, exactly as it was previewed: role, register, the holder's notification and the
 * person's mail in one transaction. Of two colleagues the second is told who was first.
 */
export const acceptLink = (
  viewer: Viewer,
  { id, pupilId, seen }: { id: string; pupilId: string | null; seen: string },
): Promise<Result<{ id: string }>> =>
  onLockedLink(viewer, id, 'whole', async (trx, link) => {
    const { municipalityId } = viewer
    if (link.state === 'linked' && link.fingerprint === seen && link.decidedById === viewer.personId)
      return ok({ id })
    if (link.state !== 'sent') return refused('link:decided', { who: link.decidedBy })
    const first = await decide(trx, municipalityId, link, pupilId)
    if (!first.ok) return first
    const { householdId } = first.value.facts.pupil as NonNullable<LinkFacts['pupil']>
    await sql`select lock_household(${municipalityId}, ${householdId}::uuid)`.execute(trx)
    await reenterScope(trx)
    const decided = await decide(trx, municipalityId, link, pupilId)
    if (!decided.ok) return decided
    if (decided.value.seen !== seen) return refused('link:preview-changed')
    const { facts, personId } = decided.value
    await giveDelegation(trx, viewer, { householdId, pupilId: pupilId as string }, link, personId)
    await trx
      .updateTable('link_request')
      .set({
        state: 'linked',
        pupil_id: pupilId,
        decided_by: viewer.personId,
        decided_at: sql<Date>`app_now()`,
        plan_fingerprint: seen,
      })
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', id)
      .execute()
    await recordAudit(trx, viewer, {
      action: 'link.accepted',
      objectType: 'household',
      objectId: householdId,
      details: { request: id },
    })
    await notify(trx, municipalityId, {
      event: 'delegation:answered',
      key: `link:${id}`,
      to: [facts.holder?.id as string],
      say: (t) => linkedNotice(facts.name, t),
      path: '/profilo/deleghe',
    })
    await tell(trx, municipalityId, link, true)
    return ok({ id })
  })

async function giveDelegation(
  trx: Trx,
  viewer: Viewer,
  { householdId, pupilId }: { householdId: string; pupilId: string },
  link: Locked,
  known: string | null,
): Promise<void> {
  const { municipalityId } = viewer
  const { fiscalCode, givenName, familyName, birthDay, email } = link
  const person_id =
    known ??
    (await registerPerson(trx, municipalityId, { fiscalCode, givenName, familyName, birthDay, email }))
  const { id } = await trx
    .insertInto('household_member')
    .values({
      municipality_id: municipalityId,
      household_id: householdId,
      person_id,
      role: 'delegate',
      all_pupils: false,
      valid_from: sql<Day>`app_today()`,
      given_by: viewer.personId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('delegate_pupil')
    .values({ municipality_id: municipalityId, household_member_id: id, pupil_id: pupilId })
    .execute()
}

/** Refuses a request, with the words that the person reads at the next sign-in. */
export const refuseLink = (
  viewer: Viewer,
  { id, reason }: { id: string; reason: string },
): Promise<Result<{ id: string }>> =>
  onLockedLink(viewer, id, 'whole', async (trx, link) => {
    if (link.state !== 'sent') return refused('link:decided', { who: link.decidedBy })
    await trx
      .updateTable('link_request')
      .set({ state: 'refused', reason, decided_by: viewer.personId, decided_at: sql<Date>`app_now()` })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', id)
      .execute()
    await recordAudit(trx, viewer, { action: 'link.refused', objectType: 'link_request', objectId: id })
    await tell(trx, viewer.municipalityId, link, false)
    return ok({ id })
  })

/** By mail, if the person gave an address; the portal tells it at the next sign-in in any case. */
async function tell(trx: Trx, municipalityId: string, link: Locked, isLinked: boolean): Promise<void> {
  if (!link.email) return
  const t = wordsIn(link.language ?? ORIGINAL)
  const mail = linkAnswerMail(
    {
      givenName: link.givenName,
      municipality: link.municipalityName,
      url: `${env().PUBLIC_ORIGIN}/${link.slug}/accesso`,
      isLinked,
    },
    t,
  )
  await enqueueMail(trx, municipalityId, {
    ...mail,
    language: t.language,
    dedupeKey: `link-answer:${link.id}`,
    to: link.email,
  })
}
