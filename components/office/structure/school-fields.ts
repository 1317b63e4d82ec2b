import { schoolFields } from '#lib/school/office/structure.fields.ts'
import type { OfficeField } from '#lib/web/office-field.ts'

const KINDS = [
  { value: 'infanzia', label: 'Scuola dell’infanzia' },
  { value: 'primaria', label: 'Scuola primaria' },
  { value: 'secondaria', label: 'Scuola secondaria di primo grado' },
]

/** The fields of a school's form; null for a new one. */
export function schoolFormFields(school: Parameters<typeof schoolFields>[0] | null): OfficeField[] {
  const values = school ? schoolFields(school) : {}
  const given = (name: string) => (values[name] === undefined ? {} : { value: values[name] })
  return [
    { kind: 'line', name: 'name', label: 'Nome', max: 80, ...given('name') },
    { kind: 'choice', name: 'kind', label: 'Tipo', options: KINDS, ...given('kind') },
    { kind: 'line', name: 'street', label: 'Via e numero', max: 120, ...given('street') },
    {
      kind: 'line',
      name: 'mechanographicCode',
      label: 'Codice meccanografico (facoltativo)',
      hint: 'Dieci caratteri, per esempio VREE123456.',
      max: 10,
      ...given('mechanographicCode'),
    },
  ]
}
