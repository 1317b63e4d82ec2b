import type { Fields } from '#lib/kernel/form-merge.ts'
import type { SchoolKind } from '../municipality.ts'

/** A school as its form holds it. */
export const schoolFields = (school: {
  name: string
  kind: SchoolKind
  street: string
  mechanographicCode: string | null
}): Fields => ({
  name: school.name,
  kind: school.kind,
  street: school.street,
  mechanographicCode: school.mechanographicCode ?? '',
})
