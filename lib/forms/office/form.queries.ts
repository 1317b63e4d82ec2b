import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { hasChanges, type PublicationState } from '#lib/publishing/lifecycle.ts'
import type { FillFacts } from '../answer.ts'
import { closingOf, schoolsOfMunicipality } from '../form.queries.ts'
import type { Definition, FormKind } from '../form.ts'
import { formStateAt } from '../form-window.ts'

/** A line of the office's list of forms. */
export type OfficeForm = {
  id: string
  kind: FormKind
  title: string
  yearName: string
  opensAt: Date
  closesAt: Date | null
  state: PublicationState
  /** Newer words wait behind what is published. */
  hasChanges: boolean
  /** Undecided submissions, and all submissions. */
  waiting: number
  total: number
}

type LineRow = Omit<OfficeForm, 'state' | 'hasChanges'> & {
  latest: number
  published: number | null
  closedAt: Date | null
  now: Date
}

/** Every form of the municipality, those with something to do first; null for a viewer who may not manage forms. */
export async function officeForms(viewer: Viewer): Promise<OfficeForm[] | null> {
  if (!allowedToStaff(viewer, 'forms:manage')) return null
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<LineRow>`
      select f.id, f.kind, l.definition ->> 'title' as title, y.name as "yearName", f.latest_version as latest,
        f.published_version as published, f.closed_at as "closedAt", app_now() as now,
        coalesce(p.opens_at, l.opens_at) as "opensAt", case when p.number is null then ${closingOf('l')} else ${closingOf('p')} end as "closesAt",
        coalesce(n.waiting, 0)::int as waiting, coalesce(n.total, 0)::int as total
      from online_form f
      join online_form_version l on l.municipality_id = ${viewer.municipalityId} and l.form_id = f.id and l.number = f.latest_version
      left join online_form_version p on p.municipality_id = ${viewer.municipalityId} and p.form_id = f.id and p.number = f.published_version
      join school_year y on y.municipality_id = ${viewer.municipalityId} and y.id = l.school_year_id
      left join lateral (select count(*) as total, count(*) filter (where s.decided_at is null) as waiting from form_submission s
        where s.municipality_id = ${viewer.municipalityId} and s.form_id = f.id) n on true
      where f.municipality_id = ${viewer.municipalityId}
      order by coalesce(n.waiting, 0) desc, f.created_at desc limit 200`.execute(trx)
    return rows.map(({ latest, published, closedAt, now, ...line }) => ({
      ...line,
      state: formStateAt({ ...line, closedAt, isPublished: published !== null }, now),
      hasChanges: hasChanges({ latestVersion: latest, publishedVersion: published }),
    }))
  })
}

export type FormVersion = {
  number: number
  revision: number
  definition: Definition
  yearId: string
  opensAt: Date
  closesAt: Date | null
  author: string
  savedAt: Date
  publishedAt: Date | null
}

/** One form as its builder sees it. */
export type BuiltForm = {
  id: string
  kind: FormKind
  latest: FormVersion
  publishedVersion: number | null
  state: PublicationState
  closedAt: Date | null
  closedReason: string
  now: Date
  today: Day
  total: number
  versions: { number: number; author: string; savedAt: Date; publishedAt: Date | null }[]
  years: { id: string; name: string }[]
  schools: { id: string; name: string }[]
  classes: {
    id: string
    name: string
    schoolId: string
    yearId: string
    yearName: string
    isOver: boolean
  }[]
}

/** A version inside a transaction of the office. */
export async function readFormVersion(
  trx: Trx,
  municipalityId: string,
  formId: string,
  number: number,
): Promise<FormVersion | null> {
  const { rows } = await sql<FormVersion>`
    select v.number, v.revision, v.definition, v.school_year_id as "yearId", v.opens_at as "opensAt", v.closes_at as "closesAt",
      p.full_name as author, v.saved_at as "savedAt", v.published_at as "publishedAt"
    from online_form_version v
    join person p on p.municipality_id = ${municipalityId} and p.id = v.author_id
    where v.municipality_id = ${municipalityId} and v.form_id = ${formId}::uuid and v.number = ${number}`.execute(
    trx,
  )
  return rows[0] ?? null
}

/** A form to build; null where there is none, and for a viewer who may not. */
export async function builtForm(viewer: Viewer, formId: string): Promise<BuiltForm | null> {
  if (!allowedToStaff(viewer, 'forms:manage') || !isUuid(formId)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const form = await trx
      .selectFrom('online_form')
      .select(['kind', 'latest_version', 'published_version', 'closed_at', 'closed_reason'])
      .select([sql<Date>`app_now()`.as('now'), sql<Day>`app_today()`.as('today')])
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', formId)
      .executeTakeFirst()
    if (!form) return null
    const [latest, live, versions, years, schools, classes, total] = await Promise.all([
      readFormVersion(trx, municipalityId, formId, form.latest_version),
      form.published_version === null
        ? null
        : readFormVersion(trx, municipalityId, formId, form.published_version),
      readVersions(trx, municipalityId, formId),
      trx
        .selectFrom('school_year')
        .select(['id', 'name'])
        .where('municipality_id', '=', municipalityId)
        .orderBy('starts_on')
        .execute(),
      schoolsOfMunicipality(trx, municipalityId),
      classesToName(trx, municipalityId),
      trx
        .selectFrom('form_submission')
        .select(sql<number>`count(*)::int`.as('count'))
        .where('municipality_id', '=', municipalityId)
        .where('form_id', '=', formId)
        .executeTakeFirstOrThrow(),
    ])
    if (!latest) throw new Error(`form ${formId} has no version ${form.latest_version}`)
    return {
      id: formId,
      kind: form.kind,
      latest,
      publishedVersion: form.published_version,
      state: formStateAt(
        { ...(live ?? latest), closedAt: form.closed_at, isPublished: live !== null },
        form.now,
      ),
      closedAt: form.closed_at,
      closedReason: form.closed_reason,
      now: form.now,
      today: form.today,
      total: total.count,
      versions,
      years,
      schools,
      classes,
    }
  })
}

/** The classes of every year, for a form that speaks of the present year's and of the next one's. */
const classesToName = async (trx: Trx, municipalityId: string): Promise<BuiltForm['classes']> =>
  trx
    .selectFrom('school_class as c')
    .innerJoin('school_year as y', (join) =>
      join.on('y.municipality_id', '=', municipalityId).onRef('y.id', '=', 'c.school_year_id'),
    )
    .select(['c.id', 'c.name', 'c.school_id as schoolId', 'y.id as yearId', 'y.name as yearName'])
    .select(sql<boolean>`y.ends_on < app_today()`.as('isOver'))
    .where('c.municipality_id', '=', municipalityId)
    .orderBy('y.starts_on')
    .orderBy('c.name')
    .execute()

const readVersions = (trx: Trx, municipalityId: string, formId: string) =>
  trx
    .selectFrom('online_form_version as v')
    .innerJoin('person as p', (join) =>
      join.on('p.municipality_id', '=', municipalityId).onRef('p.id', '=', 'v.author_id'),
    )
    .select(['v.number', 'v.saved_at as savedAt', 'v.published_at as publishedAt'])
    .select('p.full_name as author')
    .where('v.municipality_id', '=', municipalityId)
    .where('v.form_id', '=', formId)
    .orderBy('v.number', 'desc')
    .execute()

/** What a preview shows in place of a family: an invented child in the first school. */
export const previewFacts = ({ schools }: Pick<BuiltForm, 'schools'>): FillFacts => ({
  pupils: [
    {
      id: 'esempio',
      name: 'Nome del figlio',
      where: schools[0] ? `${schools[0].name}, 3A` : '',
      schoolId: schools[0]?.id ?? null,
      classId: null,
    },
  ],
  schools,
  documents: [],
})
