import 'server-only'
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { ok, type Result, refusalAt, refused, refusedField } from '#lib/kernel/result.ts'
import { headerLine, headerSet, isForbidden, rowAt } from '../header.ts'
import { hasBalances, type Mapping, namesHouseholds, namesPupils, proposeMapping } from '../mapping.ts'
import { readTable } from '../table-file.ts'
import type { MappingForm } from './import.input.ts'
import { contentIn, type ImportRow, type ImportState, importIn, rememberedMapping } from './import.queries.ts'

const UNIQUE_VIOLATION = '23505'
const LONGEST_NAME = 120

/** Reads an uploaded file and keeps it, with what its columns seem to be. Nothing of it reaches the registry. */
export async function uploadImport(viewer: Viewer, file: File): Promise<Result<{ id: string }>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  if (file.size === 0 && file.name === '') return refusedField('file', 'imports:choose-file')
  const bytes = new Uint8Array(await file.arrayBuffer())
  const read = readTable(bytes)
  if (!read.ok) return refusalAt('file', read)
  const { form, how, sheets } = read.value
  const found = sheets.findIndex((sheet) => headerLine(sheet) !== null)
  const sheet = sheets[found]
  const header = sheet ? headerLine(sheet) : null
  if (!sheet || header === null) return refusedField('file', 'imports:no-header')
  const headers = rowAt(sheet, header)?.cells ?? []
  const { municipalityId, personId } = viewer
  return asStaff(viewer, async (trx) => {
    const set = headerSet(headers)
    const mapping = proposeMapping(
      { sheet: found, header, headers },
      await rememberedMapping(trx, municipalityId, set),
    )
    const { id } = await trx
      .insertInto('pupil_import')
      .values({
        municipality_id: municipalityId,
        name: file.name.slice(-LONGEST_NAME) || 'elenco',
        form,
        read_as: how,
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest(),
        content: Buffer.from(bytes),
        header_set: set,
        mapping: JSON.stringify(mapping),
        uploaded_by: personId,
        acted_by: personId,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await trx
      .insertInto('pupil_import_progress')
      .values({ municipality_id: municipalityId, import_id: id })
      .execute()
    await recordAudit(trx, viewer, {
      action: 'imports.uploaded',
      objectType: 'pupil_import',
      objectId: id,
      details: { size: bytes.length, form },
    })
    return ok({ id })
  })
}

/** Does something with an import that is in one of these states; it is held meanwhile. */
async function onImport<T>(
  viewer: Viewer,
  id: string,
  states: readonly ImportState[],
  act: (trx: Trx, row: ImportRow) => Promise<Result<T>>,
): Promise<Result<T>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  return asStaff(viewer, async (trx): Promise<Result<T>> => {
    await sql`select from pupil_import where municipality_id = ${viewer.municipalityId} and id = ${id}::uuid for no key update`.execute(
      trx,
    )
    const row = await importIn(trx, viewer.municipalityId, id)
    if (!row) return refused('request:not-found')
    if (!states.includes(row.state)) return refused('imports:not-now')
    return act(trx, row)
  }).catch((error): Result<T> => {
    // One import of a municipality is at work: an index says so.
    if (error?.code === UNIQUE_VIOLATION) return refused('imports:busy')
    throw error
  })
}

/** Hands an import to the worker. */
async function hand(
  trx: Trx,
  viewer: Viewer,
  id: string,
  state: 'checking' | 'applying' | 'undoing',
  mapping?: Mapping,
): Promise<void> {
  const { municipalityId, personId } = viewer
  await trx
    .updateTable('pupil_import')
    .set({
      state,
      acted_by: personId,
      stopped: null,
      ...(mapping ? { mapping: JSON.stringify(mapping) } : {}),
    })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .execute()
  await trx
    .updateTable('pupil_import_progress')
    .set({ done: 0, total: 0, stop_asked: false })
    .where('municipality_id', '=', municipalityId)
    .where('import_id', '=', id)
    .execute()
}

const OPEN: readonly ImportState[] = ['mapping', 'checked']

/** Whose the balances of a file are, and of which day: no file says it surely. */
function balanceOf(
  { balanceOwner, balanceDay, services }: MappingForm,
  today: Day,
): Result<Mapping['balance']> {
  if (balanceOwner === '') return refusedField('balanceOwner', 'imports:choose-balance-owner')
  if (!balanceDay) return refusedField('balanceDay', 'imports:choose-balance-day')
  if (balanceDay > today) return refusedField('balanceDay', 'imports:balance-day-to-come')
  if (services.length > 1) return refusedField('services', 'imports:balances-of-one-service')
  return ok({ owner: balanceOwner, day: balanceDay })
}

/** What each column is, and what is asked once for the whole file: then the worker compares it with the registry. */
export const mapImport = (viewer: Viewer, form: MappingForm): Promise<Result<{ id: string }>> =>
  onImport(viewer, form.id, OPEN, async (trx, row) => {
    const content = await contentIn(trx, viewer.municipalityId, form.id)
    const read = content ? readTable(content) : refused('imports:not-now')
    if (!read.ok) return read
    const sheet = read.value.sheets[form.sheet]
    const headers = sheet ? rowAt(sheet, form.header)?.cells : undefined
    if (!headers) return refusedField('header', 'imports:no-header')
    const place = { sheet: form.sheet, header: form.header, headers }
    const isElsewhere = row.mapping.sheet !== form.sheet || row.mapping.header !== form.header
    if (form.intent === 'look' || isElsewhere) {
      const mapping = JSON.stringify({ ...row.mapping, ...proposeMapping(place, null) })
      await trx
        .updateTable('pupil_import')
        .set({ mapping, state: 'mapping' })
        .where('municipality_id', '=', viewer.municipalityId)
        .where('id', '=', form.id)
        .execute()
      return ok({ id: form.id })
    }
    const columns = headers.map((name, at) => (isForbidden(name) ? '' : (form.columns[at] ?? '')))
    const chosen = columns.filter((target) => target !== '')
    if (new Set(chosen).size < chosen.length) return refused('imports:column-twice')
    if (!namesPupils(columns) && !namesHouseholds(columns)) return refused('imports:choose-columns')
    const hasAdults = columns.some((target) => /^(?:adult|person)/.test(target))
    const payer = hasAdults ? form.payer : form.payer || 'none'
    if (payer === '') return refusedField('payer', 'imports:choose-payer')
    if (form.services.length === 0) return refusedField('services', 'imports:choose-services')
    const { today } = await readClock(trx)
    const balance = hasBalances(columns) ? balanceOf(form, today) : ok(null)
    if (!balance.ok) return balance
    const { other, yearId, services, from } = form
    const classes = row.mapping.yearId === yearId ? (row.mapping.classes ?? {}) : {}
    await hand(trx, viewer, form.id, 'checking', {
      ...{ ...place, columns, payer, other, yearId, serviceIds: services, from, classes },
      balance: balance.value,
    })
    return ok({ id: form.id })
  })

/** Says which classes of the year those of the file are; then the file is compared again. */
export const answerClasses = (
  viewer: Viewer,
  id: string,
  answers: Readonly<Record<string, string>>,
): Promise<Result<{ id: string }>> =>
  onImport(viewer, id, ['checked'], async (trx, row) => {
    const mapping = row.mapping as Mapping
    await hand(trx, viewer, id, 'checking', { ...mapping, classes: { ...mapping.classes, ...answers } })
    return ok({ id })
  })

/** What a person decided on doubts. */
export const decideDoubts = (
  viewer: Viewer,
  id: string,
  decisions: readonly { position: number; decision: 'take' | 'skip' }[],
): Promise<Result<{ id: string }>> =>
  onImport(viewer, id, ['checked'], async (trx) => {
    await sql`update pupil_import_finding f set decision = n.decision
      from jsonb_to_recordset(${JSON.stringify(decisions)}::jsonb) as n(position integer, decision text)
      where f.municipality_id = ${viewer.municipalityId} and f.import_id = ${id}::uuid and f.position = n.position
        and f.verdict = 'doubtful'`.execute(trx)
    return ok({ id })
  })

/** Confirms what was read: the worker applies exactly that, or nothing. */
export const confirmImport = (viewer: Viewer, id: string, seen: string): Promise<Result<{ id: string }>> =>
  onImport(viewer, id, ['checked'], async (trx, row) => {
    if (row.seen !== seen) return refused('imports:preview-changed')
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from pupil_import_finding f where f.municipality_id = ${viewer.municipalityId}
        and f.import_id = ${id}::uuid and (f.verdict in ('new', 'changed') or f.decision = 'take')`.execute(
      trx,
    )
    if ((rows[0]?.n ?? 0) === 0) return refused('imports:nothing-to-do')
    await hand(trx, viewer, id, 'applying')
    await recordAudit(trx, viewer, {
      action: 'imports.confirmed',
      objectType: 'pupil_import',
      objectId: id,
      details: { seen },
    })
    return ok({ id })
  })

/** Asks the worker to stop. It has written nothing that others see: all of it goes. */
export async function stopImport(viewer: Viewer, id: string): Promise<Result<{ id: string }>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    await trx
      .updateTable('pupil_import_progress')
      .set({ stop_asked: true })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('import_id', '=', id)
      .execute()
    return ok({ id })
  })
}

/** Asks the worker to take an applied import back. */
export const undoImport = (viewer: Viewer, id: string): Promise<Result<{ id: string }>> =>
  onImport(viewer, id, ['applied'], async (trx, row) => {
    if (!row.isKept) return refused('imports:not-now')
    await hand(trx, viewer, id, 'undoing')
    return ok({ id })
  })

/**
 * Takes an applied file once more, with the same columns and answers: the balances of the families that it made wait for this second
 * pass. It is compared like any file, so that what is there already stays.
 */
export const continueImport = (viewer: Viewer, id: string): Promise<Result<{ id: string }>> =>
  onImport(viewer, id, ['applied'], async (trx, row) => {
    if (!row.isKept) return refused('imports:not-now')
    const { municipalityId, personId } = viewer
    const { rows } = await sql<{ id: string }>`
      insert into pupil_import (municipality_id, name, form, read_as, size, sha256, content, header_set, mapping, state, uploaded_by,
        acted_by)
      select u.municipality_id, u.name, u.form, u.read_as, u.size, u.sha256, u.content, u.header_set, u.mapping, 'checking',
        ${personId}::uuid, ${personId}::uuid
      from pupil_import u where u.municipality_id = ${municipalityId} and u.id = ${id}::uuid
      returning id`.execute(trx)
    const next = rows[0]?.id as string
    await trx
      .insertInto('pupil_import_progress')
      .values({ municipality_id: municipalityId, import_id: next })
      .execute()
    await recordAudit(trx, viewer, {
      action: 'imports.uploaded',
      objectType: 'pupil_import',
      objectId: next,
      details: { again: id },
    })
    return ok({ id: next })
  })

/** Throws an import away that was not applied: its file and what was found go immediately. */
export const discardImport = (viewer: Viewer, id: string): Promise<Result<{ id: string }>> =>
  onImport(viewer, id, OPEN, async (trx) => {
    await sql`delete from pupil_import_finding f where f.municipality_id = ${viewer.municipalityId} and f.import_id = ${id}::uuid`.execute(
      trx,
    )
    await trx
      .updateTable('pupil_import')
      .set({ state: 'discarded', content: null })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', id)
      .execute()
    await recordAudit(trx, viewer, { action: 'imports.discarded', objectType: 'pupil_import', objectId: id })
    return ok({ id })
  })
