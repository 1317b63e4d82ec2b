import type { Viewer } from '#lib/access/viewer.ts'
import type { ImportVerdict } from '#lib/imports/finding.ts'
import { runDueImports } from '#lib/imports/office/due-import.commands.ts'
import { confirmImport, mapImport, uploadImport } from '#lib/imports/office/import.commands.ts'
import type { MappingForm } from '#lib/imports/office/import.input.ts'
import { findingsForOffice, type ImportRow, importForOffice } from '#lib/imports/office/import.queries.ts'
import type { TestMunicipality } from './factories.ts'

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
