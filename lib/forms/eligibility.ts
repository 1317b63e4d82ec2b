import { type Definition, type FormKind, fieldsOf } from './form.ts'

/** The children of a family for whom a form may be sent. */
export function eligiblePupils<P extends { schoolId: string | null; classId: string | null }>(
  definition: Pick<Definition, 'schoolIds' | 'classIds'>,
  pupils: readonly P[],
): P[] {
  const { schoolIds, classIds } = definition
  if (schoolIds.length === 0 && classIds.length === 0) return [...pupils]
  return pupils.filter(
    ({ schoolId, classId }) =>
      (schoolId !== null && schoolIds.includes(schoolId)) || (classId !== null && classIds.includes(classId)),
  )
}

/** Whether a household finds the form at all. A form that takes new children is also for a household that has none yet. */
export function isForHousehold(
  definition: Definition,
  pupils: readonly { schoolId: string | null; classId: string | null }[],
): boolean {
  if (definition.schoolIds.length === 0 && definition.classIds.length === 0) return true
  return eligiblePupils(definition, pupils).length > 0
}

/** Whether a person whom the municipality does not know may ask with this form: an enrolment of a child who is new. */
export const isForApplicant = (kind: FormKind, definition: Pick<Definition, 'steps'>): boolean =>
  kind === 'enrolment' && fieldsOf(definition).some(({ allowNew }) => allowNew)

/** The households of an applicant are for that one kind of form. */
export const isOpenTo = (
  { kind, definition }: { kind: FormKind; definition: Pick<Definition, 'steps'> },
  isApplicant: boolean,
): boolean => !isApplicant || isForApplicant(kind, definition)
