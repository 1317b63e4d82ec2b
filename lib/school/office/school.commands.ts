import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { AuditAction } from '#lib/audit/audit-event.words.ts'
import { type Day, parseDay } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { changedByOther, ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { insertClasses, insertSchool, type NewSchool } from './structure.commands.ts'
import { schoolFields } from './structure.fields.ts'
import { type ClassNow, classNow, type SchoolNow, schoolNow } from './structure.queries.ts'
import { classEndInWords, schoolEndInWords } from './structure.words.ts'

type Preview = { lines: string[]; seen: { fingerprint: string } }

const sameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()

const isTaken = async (trx: Trx, municipalityId: string, name: string, besides: string | null) => {
  const schools = await trx
    .selectFrom('school')
    .select(['id', 'name'])
    .where('municipality_id', '=', municipalityId)
    .execute()
  return schools.some((school) => school.id !== besides && sameName(school.name, name))
}

/** Makes a school with its classes in the school year that runs, or else in the next one. */
export async function createSchool(
  viewer: Viewer,
  school: NewSchool,
  classes: readonly string[],
): Promise<Result<{ schoolId: string }>> {
  if (!allowedToStaff(viewer, 'structure:manage')) return refused('request:not-found')
  const { municipalityId, personId } = viewer
  return asStaff(viewer, async (trx) => {
    // Two schools of one name at the same time: the second waits, and is told.
    await sql`select from municipality where id = ${municipalityId} for no key update`.execute(trx)
    if (await isTaken(trx, municipalityId, school.name, null))
      return refusedField('name', 'structure:name-taken', { name: school.name })
    const schoolId = await insertSchool(trx, municipalityId, school, personId)
    const year = await trx
      .selectFrom('school_year')
      .select('id')
      .where('municipality_id', '=', municipalityId)
      .where('ends_on', '>=', sql<string>`app_today()`)
      .orderBy('starts_on')
      .limit(1)
      .executeTakeFirst()
    if (year) await insertClasses(trx, municipalityId, { schoolId, yearId: year.id }, classes)
    await audit(trx, viewer, 'structure.school-created', schoolId, { classes: year ? classes.length : 0 })
    return ok({ schoolId })
  })
}

const audit = (
  trx: Trx,
  viewer: Viewer,
  action: AuditAction,
  schoolId: string,
  details: Record<string, string | number | null> = {},
) => recordAudit(trx, viewer, { action, objectType: 'school', objectId: schoolId, details })

const onSchool = <T>(
  viewer: Viewer,
  schoolId: string,
  work: (trx: Trx, school: SchoolNow) => Promise<Result<T>>,
) =>
  lockedOffice(
    viewer,
    'structure:manage',
    { table: 'school', id: schoolId, lock: 'values' },
    (trx) => schoolNow(trx, viewer.municipalityId, schoolId),
    work,
  )

/** Corrects what a school is called and where it is. */
export const changeSchool = (
  viewer: Viewer,
  seen: { schoolId: string; revision: number },
  school: NewSchool,
): Promise<Result<{ schoolId: string }>> =>
  onSchool(viewer, seen.schoolId, async (trx, before) => {
    if (before.revision !== seen.revision)
      return changedByOther('structure:changed-meanwhile', {
        who: before.savedBy,
        at: { revision: before.revision },
        fields: schoolFields(before),
      })
    if (await isTaken(trx, viewer.municipalityId, school.name, before.id))
      return refusedField('name', 'structure:name-taken', { name: school.name })
    const { mechanographicCode, ...words } = school
    await update(trx, viewer, before.id, { ...words, mechanographic_code: mechanographicCode })
    const changed = (['name', 'kind', 'street', 'mechanographicCode'] as const).filter(
      (field) => before[field] !== school[field],
    )
    await audit(trx, viewer, 'structure.school-changed', before.id, {
      changed: changed.join(),
      ...Object.fromEntries(
        changed.flatMap((field) => [
          [field, school[field]],
          [`${field}Before`, before[field]],
        ]),
      ),
    })
    return ok({ schoolId: before.id })
  })

const update = (trx: Trx, viewer: Viewer, id: string, values: object) =>
  trx
    .updateTable('school')
    .set({ ...values, revision: sql<number>`revision + 1`, updated_by: viewer.personId })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', id)
    .execute()

type End = { to: Day; lines: string[] }

/** A school ends when no pupil is enrolled any more; what was served before stays as it is. */
function planEnd(typed: string, school: SchoolNow): Result<End & { openDays: number }> {
  const to = parseDay(typed)
  if (!to) return refusedField('to', 'structure:choose-day')
  if (to < school.lastCounted) return refusedField('to', 'structure:too-early', { first: school.lastCounted })
  const enrolled = school.enrolledUntil.filter((day) => day > to).length
  if (enrolled > 0) return refused('structure:still-enrolled', { n: enrolled })
  const openDays = school.openDays.filter((day) => day > to).length
  return ok({ to, openDays, lines: schoolEndInWords(school.name, to, openDays) })
}

export const previewSchoolEnd = (
  viewer: Viewer,
  { schoolId, to }: { schoolId: string; to: string },
): Promise<Result<Preview>> =>
  onSchool(viewer, schoolId, async (_, school) => {
    const plan = planEnd(to, school)
    return plan.ok ? ok({ lines: plan.value.lines, seen: { fingerprint: fingerprintOf(plan.value) } }) : plan
  })

/** Ends a school after a day: its later days lose their meals, and no pupil is enrolled there any more. */
export const endSchool = (
  viewer: Viewer,
  { schoolId, to }: { schoolId: string; to: string },
  fingerprint: string,
): Promise<Result<{ schoolId: string }>> =>
  onSchool(viewer, schoolId, async (trx, school) => {
    const plan = planEnd(to, school)
    if (!plan.ok) return plan
    if (fingerprintOf(plan.value) !== fingerprint) return refused('structure:preview-changed')
    await suspendAfter(trx, viewer, schoolId, plan.value.to)
    await update(trx, viewer, schoolId, { valid_to: plan.value.to })
    await audit(trx, viewer, 'structure.school-ended', schoolId, {
      before: school.validTo,
      to: plan.value.to,
    })
    return ok({ schoolId })
  })

const suspendAfter = (trx: Trx, { municipalityId, personId }: Viewer, schoolId: string, to: Day) =>
  sql`
    with gone as (
      select d.id, d.service_id, d.day from service_day d where d.municipality_id = ${municipalityId} and d.school_id = ${schoolId}
        and d.day > ${to} and d.status = 'open' for update of d
    ), shut as (
      insert into closure (municipality_id, service_id, school_id, day, kind, reason, created_by)
      select ${municipalityId}::uuid, service_id, ${schoolId}::uuid, day, 'closure', 'La scuola non ha più la mensa', ${personId}::uuid from gone
      returning id, service_id, day
    )
    update service_day d set status = 'suspended', closure_id = shut.id from shut
    where d.municipality_id = ${municipalityId} and d.school_id = ${schoolId} and d.service_id = shut.service_id and d.day = shut.day`.execute(
    trx,
  )

/** Adds classes to a school in one year. */
export const addClasses = (
  viewer: Viewer,
  { schoolId, yearId }: { schoolId: string; yearId: string },
  names: readonly string[],
): Promise<Result<{ schoolId: string }>> =>
  onSchool(viewer, schoolId, async (trx) => {
    if (names.length === 0) return refusedField('classes', 'structure:no-classes')
    const { municipalityId } = viewer
    const year = await trx
      .selectFrom('school_year')
      .select('id')
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', yearId)
      .where('ends_on', '>=', sql<string>`app_today()`)
      .executeTakeFirst()
    if (!year) return refused('request:not-found')
    const known = await namesOf(trx, municipalityId, { schoolId, yearId })
    const twice = names.find((name) => known.some((one) => sameName(one.name, name)))
    if (twice) return refusedField('classes', 'structure:name-taken', { name: twice })
    await insertClasses(trx, municipalityId, { schoolId, yearId }, names)
    await audit(trx, viewer, 'structure.classes-added', schoolId, { classes: names.join(', ').slice(0, 200) })
    return ok({ schoolId })
  })

const namesOf = (
  trx: Trx,
  municipalityId: string,
  { schoolId, yearId }: { schoolId: string; yearId: string },
) =>
  trx
    .selectFrom('school_class')
    .select(['id', 'name'])
    .where('municipality_id', '=', municipalityId)
    .where('school_id', '=', schoolId)
    .where('school_year_id', '=', yearId)
    .execute()

const onClass = <T>(
  viewer: Viewer,
  classId: string,
  work: (trx: Trx, found: ClassNow) => Promise<Result<T>>,
) =>
  lockedOffice(
    viewer,
    'structure:manage',
    { table: 'school_class', id: classId, lock: 'values' },
    (trx) => classNow(trx, viewer.municipalityId, classId),
    work,
  )

const updateClass = (trx: Trx, viewer: Viewer, id: string, values: object) =>
  trx
    .updateTable('school_class')
    .set({ ...values, revision: sql<number>`revision + 1`, updated_by: viewer.personId })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', id)
    .execute()

/** Corrects what a class is called. */
export const renameClass = (
  viewer: Viewer,
  seen: { classId: string; revision: number },
  name: string,
): Promise<Result<{ schoolId: string }>> =>
  onClass(viewer, seen.classId, async (trx, before) => {
    if (before.revision !== seen.revision)
      return refused('structure:changed-meanwhile', { who: before.savedBy })
    const known = await namesOf(trx, viewer.municipalityId, before)
    if (known.some((one) => one.id !== before.id && sameName(one.name, name)))
      return refusedField('name', 'structure:name-taken', { name })
    await updateClass(trx, viewer, before.id, { name })
    await audit(trx, viewer, 'structure.class-renamed', before.schoolId, { before: before.name, name })
    return ok({ schoolId: before.schoolId })
  })

function planClassEnd(typed: string, found: ClassNow): Result<End> {
  const to = parseDay(typed)
  if (!to) return refusedField('to', 'structure:choose-day')
  const enrolled = found.enrolledUntil.filter((day) => day > to).length
  if (enrolled > 0) return refused('structure:still-enrolled', { n: enrolled })
  return ok({ to, lines: classEndInWords(found.name, to) })
}

export const previewClassEnd = (
  viewer: Viewer,
  { classId, to }: { classId: string; to: string },
): Promise<Result<Preview>> =>
  onClass(viewer, classId, async (_, found) => {
    const plan = planClassEnd(to, found)
    return plan.ok ? ok({ lines: plan.value.lines, seen: { fingerprint: fingerprintOf(plan.value) } }) : plan
  })

/** Ends a class after a day: no pupil is enrolled in it any more. */
export const endClass = (
  viewer: Viewer,
  { classId, to }: { classId: string; to: string },
  fingerprint: string,
): Promise<Result<{ schoolId: string }>> =>
  onClass(viewer, classId, async (trx, found) => {
    const plan = planClassEnd(to, found)
    if (!plan.ok) return plan
    if (fingerprintOf(plan.value) !== fingerprint) return refused('structure:preview-changed')
    await updateClass(trx, viewer, found.id, { valid_to: plan.value.to })
    await audit(trx, viewer, 'structure.class-ended', found.schoolId, { name: found.name, to: plan.value.to })
    return ok({ schoolId: found.schoolId })
  })
