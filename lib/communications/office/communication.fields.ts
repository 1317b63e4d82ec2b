import { attachedField, type FormFile } from '#lib/content/office/content.fields.ts'
import type { Fields } from '#lib/kernel/form-merge.ts'
import { instantForField } from '#lib/kernel/instant-field.ts'
import type { Audience, CommunicationFields } from '../communication.ts'

/** A household that may be ticked one by one. */
export type FamilyChoice = { id: string; name: string; holder: string | null }

/** A communication as its form shows it; instants as a `datetime-local` field wants them. */
export type CommunicationValues = Audience &
  Pick<CommunicationFields, 'kind' | 'about' | 'title' | 'acknowledgement'> & {
    body: string
    acknowledgeBy: string
    expiresAt: string
    files: readonly FormFile[]
  }

type Version = Omit<CommunicationFields, 'reason'> & { files: readonly (FormFile & { role: string })[] }

export const communicationValues = (version: Version): CommunicationValues => ({
  ...version.audience,
  kind: version.kind,
  about: version.about,
  title: version.title,
  body: version.body,
  acknowledgement: version.acknowledgement,
  acknowledgeBy: version.acknowledgeBy ?? '',
  expiresAt: instantForField(version.expiresAt),
  files: version.files.filter(({ role }) => role === 'attachment'),
})

/** The same as the form holds it; `families` are the households that it offers to tick. */
export function communicationFields(values: CommunicationValues, families: readonly FamilyChoice[]): Fields {
  const chosen = (list: Audience['to']) => (values.to === list ? values.ids.join(',') : '')
  return {
    kind: values.kind,
    about: values.about,
    title: values.title,
    body: values.body,
    to: values.to,
    'services[]': chosen('services'),
    'schools[]': chosen('schools'),
    'classes[]': chosen('classes'),
    'households[]': chosen('households'),
    families: JSON.stringify(families),
    inDebt: values.inDebt ? 'on' : '',
    acknowledgement: values.acknowledgement,
    acknowledgeBy: values.acknowledgeBy,
    expiresAt: values.expiresAt,
    attached: attachedField(values.files),
  }
}
