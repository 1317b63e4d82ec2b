import type { Viewer } from '#lib/access/viewer.ts'
import type { ImportVerdict } from '#lib/imports/finding.ts'
import { runDueImports } from '#lib/imports/office/due-import.commands.ts'
import { confirmImport, mapImport, uploadImport } from '#lib/imports/office/import.commands.ts'
import type { MappingForm } from '#lib/imports/office/import.input.ts'
import { findingsForOffice, type ImportRow, importForOffice } from '#lib/imports/office/import.queries.ts'
import { setClock, testDatabase } from './database.ts'
import { aMunicipality, aServiceDay, aStaffViewer, type TestMunicipality } from './factories.ts'

export type ImportingMunicipality = { municipality: TestMunicipality; clerk: Viewer; school: string }

/** A municipality alone in service at 11 on 24 November 2026, three service days, its clerk and the name of its school. */
export async function anImportingMunicipality(): Promise<ImportingMunicipality> {
  const { owner } = await testDatabase()
  await owner.updateTable('municipality').set({ active: false }).execute()
  await setClock('2026-11-24T11:00:00+01:00')
  const municipality = await aMunicipality()
  const clerk = await aStaffViewer(municipality, 'operator')
  const { name: school } = await owner
    .selectFrom('school')
    .select('name')
    .where('id', '=', municipality.school.id)
    .executeTakeFirstOrThrow()
  for (const day of ['2026-11-24', '2026-11-25', '2026-11-26']) await aServiceDay(municipality, day)
  return { municipality, clerk, school }
}

export const aFile = (content: Uint8Array | string, name = 'elenco.csv'): File =>
  new File([content as BlobPart], name)

/** Sends a file as the page does. @returns the import, or the code of the refusal */
export async function sent(viewer: Viewer, content: Uint8Array | string): Promise<string> {
  const done = await uploadImport(viewer, aFile(content))
  return done.ok ? done.value.id : done.code
}

export async function importNow(viewer: Viewer, id: string): Promise<ImportRow> {
  const found = await importForOffice(viewer, id)
  if (!found) throw new Error('no import')
  return found.row
}

/** Chooses the columns as they are proposed, and answers what is asked once; the worker compares. */
export async function compared(
  viewer: Viewer,
  municipality: TestMunicipality,
  id: string,
  given: Partial<MappingForm> = {},
): Promise<ImportRow> {
  const { mapping } = await importNow(viewer, id)
  const done = await mapImport(viewer, {
    ...{
      id,
      sheet: mapping.sheet ?? 0,
      header: mapping.header ?? 1,
      intent: 'check',
      columns: [...(mapping.columns ?? [])],
    },
    ...{
      payer: 'first',
      other: 'delegate',
      yearId: municipality.schoolYearId,
      services: [municipality.serviceId],
      from: null,
      ...{ balanceOwner: '', balanceDay: null },
    },
    ...given,
  })
  if (!done.ok) throw new Error(done.code)
  await runDueImports()
  return importNow(viewer, id)
}

/** Sends, compares, confirms; the worker applies. */
export async function applied(
  viewer: Viewer,
  municipality: TestMunicipality,
  content: Uint8Array | string,
  given: Partial<MappingForm> = {},
): Promise<ImportRow> {
  const row = await compared(viewer, municipality, await sent(viewer, content), given)
  const done = await confirmImport(viewer, row.id, row.seen ?? '')
  if (!done.ok) throw new Error(done.code)
  await runDueImports()
  return importNow(viewer, row.id)
}

export const findings = async (viewer: Viewer, id: string, verdict: ImportVerdict) =>
  (await findingsForOffice(viewer, id, { verdict, page: 1 }))?.findings ?? []
