import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { type Day, parseDay } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { COMMON_DIET, isDecidedDiet, UNDECIDED_DIET } from '#lib/school/diet.ts'
import { openCancellations } from '#lib/school/office/cancellation.queries.ts'
import { lockDiner } from '#lib/school/office/enrolment.commands.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import { faresOf, offeredBands } from '#lib/tariffs/tariff.queries.ts'
import { type FormAnswers, textOf } from '../conditions.ts'
import { type Definition, type FormKind, fieldOfRole, NEW_PUPIL, type Role } from '../form.ts'
import type { SubmissionState } from '../submission.ts'
import { type EffectFacts, type Enrolled, latestOf, type TypedDecision } from './effects.ts'

/** The canteen around one submission, and where to write what follows from it. */
export type EffectsOfSubmission = {
  kind: FormKind
  definition: Definition
  answers: FormAnswers
  householdId: string
  serviceId: string
  facts: EffectFacts
}

type Asked = {
  kind: FormKind
  definition: Definition
  answers: FormAnswers
  householdId: string
  pupilId: string | null
  dietHold: { until: Day | null } | null
  applicant: { personId: string; name: string } | null
  about: string
  yearId: string
  yearEndsOn: Day
  serviceId: string
}

async function readAsked(trx: Trx, municipalityId: string, id: string): Promise<Asked> {
  const { rows } = await sql<Asked>`
    select f.kind, v.definition, s.answers, s.household_id as "householdId", s.pupil_id as "pupilId", s.about,
      (select jsonb_build_object('until', h.until) from diet_hold h
        where h.municipality_id = ${municipalityId} and h.submission_id = s.id) as "dietHold",
      (select jsonb_build_object('personId', p.id, 'name', p.full_name) from household_applicant a
        join person p on p.municipality_id = ${municipalityId} and p.id = a.person_id
        where a.municipality_id = ${municipalityId} and a.household_id = s.household_id and a.person_id = s.person_id
          and a.ended_at is null and not exists (select from active_member m where m.municipality_id = ${municipalityId}
            and m.household_id = s.household_id and m.role = 'holder')) as applicant,
      v.school_year_id as "yearId", y.ends_on as "yearEndsOn",
      (select e.id from service e where e.municipality_id = ${municipalityId} and e.active and e.valid_to is null order by e.id limit 1) as "serviceId"
    from form_submission s
    join online_form f on f.municipality_id = ${municipalityId} and f.id = s.form_id
    join online_form_version v on v.municipality_id = ${municipalityId} and v.form_id = s.form_id and v.number = s.version
    join school_year y on y.municipality_id = ${municipalityId} and y.id = v.school_year_id
    where s.municipality_id = ${municipalityId} and s.id = ${id}::uuid`.execute(trx)
  return rows[0] as Asked
}

const answerOf = ({ definition, answers }: Pick<Asked, 'definition' | 'answers'>, role: Role): string => {
  const field = fieldOfRole(definition, role)
  return textOf(field && answers[field.id])
}

/**
 * What a decision on a submission works with.
 * @param options.lock holds the pupil and the next days of the service, so that neither a close nor a cancellation falls
 * between: what is decided now holds for them whole
 * @param options.classId the class that is being chosen: its school counts like those of the enrolments
 */
export async function effectFacts(
  trx: Trx,
  municipalityId: string,
  id: string,
  options: { lock: boolean; classId?: string },
): Promise<EffectsOfSubmission> {
  const asked = await readAsked(trx, municipalityId, id)
  const newPupil = newPupilOf(asked)
  const known = newPupil ? await pupilWithCode(trx, municipalityId, newPupil.fiscalCode) : null
  const pupilId = asked.pupilId ?? (known?.householdId === asked.householdId ? known.id : null)
  if (pupilId && options.lock) await lockDiner(trx, municipalityId, pupilId)
  const classes = await classesOf(trx, municipalityId, asked)
  const enrolments = pupilId ? await enrolmentsOf(trx, municipalityId, asked.serviceId, pupilId, options) : []
  const schools = [
    ...new Set([
      ...enrolments.map(({ schoolId }) => schoolId),
      answerOf(asked, 'school'),
      classes.find(({ id: classId }) => classId === options.classId)?.schoolId ?? '',
    ]),
  ].filter(isUuid)
  const [firstDay, fares, cancellations, diets, bands] = await Promise.all([
    firstOpenDay(trx, municipalityId, asked.serviceId, schools, options),
    pupilId === null ? [] : faresOf(trx, municipalityId, asked.serviceId, pupilId),
    pupilId === null ? [] : openCancellations(trx, municipalityId, asked.serviceId, pupilId),
    trx
      .selectFrom('diet')
      .select(['code', 'name', 'parts', 'valid_from as from', 'valid_to as to'])
      .where('municipality_id', '=', municipalityId)
      .orderBy('code')
      .execute(),
    offeredBands(trx, municipalityId, asked.serviceId),
  ])
  return {
    kind: asked.kind,
    definition: asked.definition,
    answers: asked.answers,
    householdId: asked.householdId,
    serviceId: asked.serviceId,
    facts: {
      pupil: { id: pupilId, name: asked.about },
      newPupil: pupilId ? null : newPupil,
      elsewhere: known !== null && known.householdId !== asked.householdId,
      applicant: asked.applicant,
      enrolments,
      cancellations,
      fares,
      firstDay,
      classes,
      diets,
      standardDiet: COMMON_DIET,
      asksDiet: answerOf(asked, 'specialDiet') === 'si',
      dietHold: asked.dietHold,
      bands,
      yearEndsOn: asked.yearEndsOn,
    },
  }
}

function newPupilOf(asked: Asked): EffectFacts['newPupil'] {
  if (answerOf(asked, 'pupil') !== NEW_PUPIL) return null
  const birthDay = parseDay(answerOf(asked, 'birthDay'))
  if (!birthDay) return null
  return {
    givenName: answerOf(asked, 'givenName'),
    familyName: answerOf(asked, 'familyName'),
    fiscalCode: answerOf(asked, 'fiscalCode'),
    birthDay,
  }
}

/** The pupil with a code; of two that were merged the one that stayed. */
async function pupilWithCode(
  trx: Trx,
  municipalityId: string,
  fiscalCode: string,
): Promise<{ id: string; householdId: string } | null> {
  const { rows } = await sql<{ id: string; householdId: string }>`
    select p.id, p.household_id as "householdId" from pupil c
    join pupil p on p.municipality_id = ${municipalityId} and p.id = kept_pupil(${municipalityId}::uuid, c.id)
    where c.municipality_id = ${municipalityId} and c.fiscal_code = ${fiscalCode}`.execute(trx)
  return rows[0] ?? null
}

async function enrolmentsOf(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
  pupilId: string,
  { lock }: { lock: boolean },
): Promise<Enrolled[]> {
  const { rows } = await sql<Enrolled>`
    select e.id, e.school_id as "schoolId", e.school_class_id as "classId", e.school_year_id as "yearId",
      s.name || ', ' || c.name as "where", e.diet_code as "dietCode", e.severe_reaction as severe, e.weekdays,
      e.valid_from as "from", e.valid_to as "to"
    from enrolment e
    join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
    join school_class c on c.municipality_id = ${municipalityId} and c.id = e.school_class_id
    where e.municipality_id = ${municipalityId} and e.service_id = ${serviceId} and e.pupil_id = ${pupilId}
    order by e.valid_from ${lock ? sql`for update of e` : sql``}`.execute(trx)
  return rows
}

async function classesOf(trx: Trx, municipalityId: string, { yearId, serviceId }: Asked) {
  const { rows } = await sql<EffectFacts['classes'][number]>`
    select c.id, c.name, c.school_id as "schoolId", s.name as "schoolName", s.kind as "schoolKind",
      c.school_year_id as "yearId", coalesce(t.starts_on, y.starts_on) as "from",
      least(coalesce(t.ends_on, y.ends_on), c.valid_to, s.valid_to) as "to"
    from school_class c
    join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
    join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id
    left join service_schedule t on t.municipality_id = ${municipalityId} and t.school_id = c.school_id
      and t.school_year_id = c.school_year_id and t.service_id = ${serviceId}
    where c.municipality_id = ${municipalityId} and c.school_year_id = ${yearId}
      and (c.valid_to is null or c.valid_to >= app_today()) and (s.valid_to is null or s.valid_to >= app_today())
    order by s.name, c.name`.execute(trx)
  return rows
}

/** What the decision form proposes before the office has typed anything: of an accepted submission, what was decided. */
export const proposalOf = (effects: EffectsOfSubmission, state: SubmissionState): TypedDecision =>
  state === 'accepted' ? whatWasDecided(effects) : firstProposal(effects)

function whatWasDecided({ kind, facts }: EffectsOfSubmission): TypedDecision {
  const { firstDay, enrolments, fares } = facts
  const latest = latestOf(enrolments)
  const fare = latestOf(fares)
  const began = (kind === 'fare' ? fare : latest)?.from ?? firstDay
  return {
    classId: latest?.classId ?? '',
    dietCode: latest?.dietCode ?? '',
    bandCode: fare?.bandCode ?? '',
    from: kind === 'withdrawal' ? (latest?.to ?? '') : ([began, firstDay].toSorted()[1] as Day),
    to: kind === 'fare' ? (fare?.to ?? facts.yearEndsOn) : '',
    ...NO_END,
    severe: latest?.severe ? 'si' : '',
    ...(kind === 'diet' ? whatWasEaten(facts) : {}),
  }
}

/** Until the office chooses otherwise, a diet that ends is to be decided again. */
const NO_END = { nextDietCode: UNDECIDED_DIET }

/** The diet that was decided, and what follows it where it has an end. */
function whatWasEaten({ enrolments, firstDay }: EffectFacts): Partial<TypedDecision> {
  const latest = latestOf(enrolments)
  const decided = latestOf(enrolments.filter((one) => isDecidedDiet(one.dietCode) && one.to >= firstDay))
  if (!latest || !decided || decided === latest) return {}
  return {
    dietCode: decided.dietCode,
    severe: decided.severe ? 'si' : '',
    from: [decided.from, firstDay].toSorted()[1] as Day,
    to: decided.to,
    nextDietCode: latest.dietCode,
  }
}

function firstProposal({ kind, definition, answers, facts }: EffectsOfSubmission): TypedDecision {
  const wished = parseDay(answerOf({ definition, answers }, 'from'))
  const from = wished && wished >= facts.firstDay ? wished : facts.firstDay
  const school = answerOf({ definition, answers }, 'school')
  const inSchool = facts.classes.filter(({ schoolId }) => schoolId === school)
  const starts = inSchool[0]?.from ?? from
  return {
    classId: inSchool.length === 1 ? (inSchool[0]?.id ?? '') : '',
    dietCode: '',
    bandCode: facts.bands.length === 1 ? (facts.bands[0]?.code ?? '') : '',
    from: kind === 'enrolment' && starts > from ? starts : kind === 'withdrawal' ? (wished ?? from) : from,
    to: kind === 'fare' ? facts.yearEndsOn : kind === 'diet' ? endAsked({ definition, answers }, from) : '',
    ...NO_END,
    severe: answerOf({ definition, answers }, 'severeReaction') === 'si' || isAtRisk(facts) ? 'si' : '',
  }
}

/** A risk that the kitchen reads already is not taken away by a request that is silent about it. */
const isAtRisk = ({ enrolments, firstDay }: EffectFacts): boolean =>
  enrolments.some(({ severe, to }) => severe && to >= firstDay)

function endAsked(asked: Pick<Asked, 'definition' | 'answers'>, from: Day): Day | '' {
  const last = parseDay(answerOf(asked, 'until'))
  return last && last >= from ? last : ''
}
