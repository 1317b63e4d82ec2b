import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { fillingHouseholds } from '#lib/access/own-pupils.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { PublicationState } from '#lib/publishing/lifecycle.ts'
import type { FillFacts } from './answer.ts'
import { isForHousehold, isOpenTo } from './eligibility.ts'
import type { Definition, FormKind } from './form.ts'
import { formStateAt } from './form-window.ts'
import { ownSubmissions, type SubmissionLine } from './submission.queries.ts'

/** The published version of a form, as families meet it. */
export type PublishedForm = {
  id: string
  kind: FormKind
  version: number
  definition: Definition
  yearName: string
  opensAt: Date
  closesAt: Date | null
  closedAt: Date | null
  closedReason: string
  state: PublicationState
  now: Date
}

type FormRow = Omit<PublishedForm, 'state'>

/** A form without a closing is open all the school year, and over with it. */
export const closingOf = (version: string) => sql<Date | null>`coalesce(${sql.ref(`${version}.closes_at`)},
  case when app_today() > y.ends_on then (y.ends_on + 1)::timestamp at time zone 'Europe/Rome' end)`

const published = (municipalityId: string) => sql`
  select f.id, f.kind, v.number as version, v.definition, y.name as "yearName", v.opens_at as "opensAt", ${closingOf('v')} as "closesAt",
    f.closed_at as "closedAt", f.closed_reason as "closedReason", app_now() as now
  from online_form f
  join online_form_version v on v.municipality_id = ${municipalityId} and v.form_id = f.id and v.number = f.published_version
  join school_year y on y.municipality_id = ${municipalityId} and y.id = v.school_year_id
  where f.municipality_id = ${municipalityId}`

const withWindow = (row: FormRow): PublishedForm => ({
  ...row,
  state: formStateAt({ ...row, isPublished: true }, row.now),
})

/** A form as it is published now; null when there is none with this id. */
export async function publishedForm(
  trx: Trx,
  municipalityId: string,
  formId: string,
): Promise<PublishedForm | null> {
  const { rows } = await sql<FormRow>`${published(municipalityId)} and f.id = ${formId}::uuid`.execute(trx)
  return rows[0] ? withWindow(rows[0]) : null
}

export type DraftPupil = FillFacts['pupils'][number] & { householdId: string }

/** The children of households, each with the school and class of now, of the next enrolment, or of the last one. */
export async function pupilsOfHouseholds(
  trx: Trx,
  municipalityId: string,
  households: readonly string[],
): Promise<DraftPupil[]> {
  const { rows } = await sql<DraftPupil>`
    select p.id, p.full_name as name, p.household_id as "householdId",
      e.school_id as "schoolId", e.school_class_id as "classId",
      coalesce(s.name || ', ' || c.name || case when e.valid_to < app_today() then ' (' || y.name || ')' else '' end, '') as "where"
    from pupil p
    left join lateral (select e.school_id, e.school_class_id, e.school_year_id, e.valid_to from enrolment e where e.municipality_id = ${municipalityId} and e.pupil_id = p.id
      order by (e.valid_from <= app_today() and e.valid_to >= app_today()) desc, e.valid_to desc limit 1) e on true
    left join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
    left join school_class c on c.municipality_id = ${municipalityId} and c.id = e.school_class_id
    left join school_year y on y.municipality_id = ${municipalityId} and y.id = e.school_year_id
    where p.municipality_id = ${municipalityId} and p.household_id = any(${[...households]}::uuid[])
    order by p.birth_date, p.id`.execute(trx)
  return rows
}

export const schoolsOfMunicipality = (
  trx: Trx,
  municipalityId: string,
): Promise<{ id: string; name: string }[]> =>
  trx
    .selectFrom('school')
    .select(['id', 'name'])
    .where('municipality_id', '=', municipalityId)
    .orderBy('name')
    .execute()

export type FormLine = Pick<PublishedForm, 'id' | 'kind' | 'yearName' | 'opensAt' | 'closesAt' | 'state'> & {
  title: string
  intro: string
  closedReason: string
  hasDraft: boolean
}

/** The section *Moduli online* of a holder: forms to fill in, forms to come, and what was sent. Null for any other viewer. */
export async function formsFor(
  viewer: Viewer,
): Promise<{ open: FormLine[]; upcoming: FormLine[]; submissions: SubmissionLine[] } | null> {
  if (!allowedToFamily(viewer, 'forms:fill')) return null
  const { municipalityId } = viewer
  return readAsFamily(viewer, async (trx) => {
    const [{ rows }, pupils, drafts, submissions] = await Promise.all([
      sql<FormRow>`${published(municipalityId)} order by v.opens_at, f.id`.execute(trx),
      pupilsOfHouseholds(trx, municipalityId, fillingHouseholds(viewer)),
      trx
        .selectFrom('form_draft')
        .select('form_id')
        .where('municipality_id', '=', municipalityId)
        .where('person_id', '=', viewer.personId)
        .execute(),
      ownSubmissions(trx, viewer),
    ])
    const isApplied = viewer.memberships.every(({ role }) => role === 'applicant')
    const drafted = new Set(drafts.map((draft) => draft.form_id))
    const lines = rows
      .map(withWindow)
      .filter((form) => isOpenTo(form, isApplied) && isForHousehold(form.definition, pupils))
      .map(({ definition, now: _, closedAt: _closed, version: _version, ...form }) => ({
        ...form,
        title: definition.title,
        intro: definition.intro,
        hasDraft: drafted.has(form.id),
      }))
    return {
      open: lines.filter(({ state }) => state === 'published'),
      upcoming: lines.filter(({ state }) => state === 'scheduled'),
      submissions,
    }
  })
}
