import type { Viewer } from '#lib/access/viewer.ts'
import {
  type CommunicationDraft,
  saveCommunication,
} from '#lib/communications/office/communication.commands.ts'
import type { SavedCommunication } from '#lib/communications/office/locked-communication.commands.ts'
import { approveCommunication } from '#lib/communications/office/publication.commands.ts'
import type { Result } from '#lib/kernel/result.ts'
import { aStaffViewer, type TestMunicipality } from './factories.ts'

/** A notice to everybody about the service, unless said. */
export const aDraft = (fields: Partial<CommunicationDraft> = {}): CommunicationDraft => ({
  id: null,
  baseVersion: 0,
  kind: 'notice',
  about: 'service',
  title: 'Venerdì la mensa è chiusa',
  body: '<p>Venerdì la mensa resta chiusa in tutte le scuole.</p>',
  audience: { to: 'everybody', ids: [], inDebt: false },
  acknowledgement: 'none',
  acknowledgeBy: null,
  expiresAt: null,
  reason: '',
  fiscalCodes: [],
  kept: [],
  added: [],
  ...fields,
})

export const given = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`refused: ${result.code}`)
  return result.value
}

const managers = new Map<string, Promise<Viewer>>()

/** The one manager of a municipality's communications. */
export const managerOf = (municipality: TestMunicipality): Promise<Viewer> => {
  const known = managers.get(municipality.municipalityId) ?? aStaffViewer(municipality, 'manager')
  managers.set(municipality.municipalityId, known)
  return known
}

/** A communication that is out, written and approved by the municipality's manager. */
export async function aCommunication(
  municipality: TestMunicipality,
  fields: Partial<CommunicationDraft> = {},
): Promise<SavedCommunication> {
  const manager = await managerOf(municipality)
  const { id, version } = given(await saveCommunication(manager, aDraft(fields)))
  given(await approveCommunication(manager, id, version, { publishAt: null, seen: null }))
  return { id, version }
}
