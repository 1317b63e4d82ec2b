import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { ActOf } from '#lib/audit/audit-event.words.ts'
import { changedByOther, ok, type Result, refused } from '#lib/kernel/result.ts'
import { endsBeforeItBegins, hasEnded } from '#lib/publishing/lifecycle.ts'
import type { FormKind } from '../form.ts'
import { fieldsOfEdit } from './form.fields.ts'
import { type FormVersion, readFormVersion } from './form.queries.ts'
import { applyEdit, type Edit } from './form-edit.ts'
import { findingsOf } from './form-findings.ts'
import { TEMPLATES } from './templates.ts'

/** The draft that was on the screen: who changes an older one is told. */
export type OnScreen = { formId: string; number: number; revision: number }

const audit = (trx: Trx, viewer: Viewer, action: ActOf<'forms.'>, formId: string, version: number) =>
  recordAudit(trx, viewer, {
    action: `forms.${action}`,
    objectType: 'online_form',
    objectId: formId,
    details: { version },
  })

/** Makes a form from a ready-made one, for the current school year, open from now on; no family sees it before it is published. */
export async function createForm(viewer: Viewer, kind: FormKind): Promise<Result<{ id: string }>> {
  if (!allowedToStaff(viewer, 'forms:manage')) return refused('request:not-found')
  const { municipalityId, personId } = viewer
  return asStaff(viewer, async (trx) => {
    const year = await trx
      .selectFrom('school_year')
      .select('id')
      .where('municipality_id', '=', municipalityId)
      .orderBy(sql`(starts_on <= app_today() and ends_on >= app_today())`, 'desc')
      .orderBy('starts_on', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (!year) return refused('request:not-found')
    const { id } = await trx
      .insertInto('online_form')
      .values({ municipality_id: municipalityId, kind, latest_version: 1, created_by: personId })
      .returning('id')
      .executeTakeFirstOrThrow()
    await trx
      .insertInto('online_form_version')
      .values({
        municipality_id: municipalityId,
        form_id: id,
        number: 1,
        definition: JSON.stringify(TEMPLATES[kind].definition),
        school_year_id: year.id,
        opens_at: sql<Date>`date_trunc('minute', app_now())`,
        author_id: personId,
      })
      .execute()
    await audit(trx, viewer, 'created', id, 1)
    return ok({ id })
  })
}

type Locked = {
  version: FormVersion
  kind: FormKind
  published: number | null
  closedAt: Date | null
  now: Date
}

/** A form with its latest version; null when there is none. */
async function readForm(trx: Trx, viewer: Viewer, formId: string): Promise<Locked | null> {
  const row = await trx
    .selectFrom('online_form')
    .select(['kind', 'latest_version', 'published_version', 'closed_at', sql<Date>`app_now()`.as('now')])
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', formId)
    .executeTakeFirst()
  const version = row && (await readFormVersion(trx, viewer.municipalityId, formId, row.latest_version))
  if (!version) return null
  return {
    version,
    kind: row.kind,
    published: row.published_version,
    closedAt: row.closed_at,
    now: row.now,
  }
}

const onForm = <T>(
  viewer: Viewer,
  formId: string,
  work: (trx: Trx, form: Locked) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    'forms:manage',
    { table: 'online_form', id: formId },
    (trx) => readForm(trx, viewer, formId),
    work,
  )

/** @param edit what was being changed: an answer to an older draft shows what is different in it */
const onDraft = <T>(
  viewer: Viewer,
  at: OnScreen,
  edit: Edit | null,
  work: (trx: Trx, form: Locked) => Promise<Result<T>>,
): Promise<Result<T>> =>
  onForm(viewer, at.formId, async (trx, form) => {
    const { number, revision, author } = form.version
    if (number === at.number && revision === at.revision) return work(trx, form)
    const fields = edit && fieldsOfEdit(edit, form.version)
    return fields
      ? changedByOther('forms:edited-elsewhere', { who: author, at: { number, revision }, fields })
      : refused('forms:edited-elsewhere', { who: author })
  })

export type WindowFields = { yearId: string; opensAt: Date; closesAt: Date | null }

/**
 * Changes the form that is being built. What is published stays as it is: the first change after it begins a new version.
 */
export async function editForm(
  viewer: Viewer,
  at: OnScreen,
  edit: Edit,
  window?: WindowFields,
): Promise<Result<{ id: string }>> {
  return onDraft(viewer, at, edit, async (trx, { version }) => {
    if (window && endsBeforeItBegins(window)) return refused('forms:bad-window')
    const definition = applyEdit(version.definition, edit)
    if (!definition) return refused('forms:no-such-part')
    if (window && !(await isYear(trx, viewer, window.yearId))) return refused('request:not-found')
    const values = {
      definition: JSON.stringify(definition),
      school_year_id: window?.yearId ?? version.yearId,
      opens_at: window?.opensAt ?? version.opensAt,
      closes_at: window ? window.closesAt : version.closesAt,
      author_id: viewer.personId,
      saved_at: sql<Date>`app_now()`,
    }
    const number = version.publishedAt === null ? version.number : version.number + 1
    if (number === version.number) {
      await trx
        .updateTable('online_form_version')
        .set({ ...values, revision: version.revision + 1 })
        .where('municipality_id', '=', viewer.municipalityId)
        .where('form_id', '=', at.formId)
        .where('number', '=', number)
        .execute()
    } else {
      await trx
        .insertInto('online_form_version')
        .values({ ...values, municipality_id: viewer.municipalityId, form_id: at.formId, number })
        .execute()
      await update(trx, viewer, at.formId).set({ latest_version: number }).execute()
    }
    await audit(trx, viewer, 'edited', at.formId, number)
    return ok({ id: at.formId })
  })
}

const isYear = async (trx: Trx, viewer: Viewer, yearId: string): Promise<boolean> =>
  (await trx
    .selectFrom('school_year')
    .select('id')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', yearId)
    .executeTakeFirst()) !== undefined

const update = (trx: Trx, viewer: Viewer, id: string) =>
  trx.updateTable('online_form').where('municipality_id', '=', viewer.municipalityId).where('id', '=', id)

/** Freezes the latest version and gives it to the families; a form that was closed early opens again with it. */
export async function publishForm(viewer: Viewer, at: OnScreen): Promise<Result<{ id: string }>> {
  return onDraft(viewer, at, null, async (trx, { version, kind, published, closedAt, now }) => {
    if (published === version.number && closedAt === null) return refused('forms:nothing-new')
    const findings = findingsOf(kind, version.definition)
    if (findings.length > 0) return refused('forms:not-ready', { count: findings.length })
    if (hasEnded(version, now)) return refused('forms:window-over')
    if (version.publishedAt === null) {
      await trx
        .updateTable('online_form_version')
        .set({ published_at: sql<Date>`app_now()` })
        .where('municipality_id', '=', viewer.municipalityId)
        .where('form_id', '=', at.formId)
        .where('number', '=', version.number)
        .execute()
    }
    await update(trx, viewer, at.formId)
      .set({ published_version: version.number, closed_at: null, closed_reason: '' })
      .execute()
    await audit(trx, viewer, 'published', at.formId, version.number)
    return ok({ id: at.formId })
  })
}

/** Closes a form before its window ends. Submissions that reached the database before this instant are taken, later ones not. */
export async function closeForm(
  viewer: Viewer,
  formId: string,
  reason: string,
): Promise<Result<{ id: string }>> {
  return onForm(viewer, formId, async (trx, form) => {
    if (form.published === null || form.closedAt !== null) return refused('forms:not-published')
    await update(trx, viewer, formId)
      .set({ closed_at: sql<Date>`app_now()`, closed_reason: reason })
      .execute()
    await audit(trx, viewer, 'closed', formId, form.published)
    return ok({ id: formId })
  })
}
