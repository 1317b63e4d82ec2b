import 'server-only'
import { sql } from 'kysely'
import { reenterScope, type Trx } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { fillingHouseholds, isApplicant } from '#lib/access/own-pupils.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { FillFacts } from './answer.ts'
import type { FormAnswers } from './conditions.ts'
import { eligiblePupils, isForHousehold, isOpenTo } from './eligibility.ts'
import {
  type PublishedForm,
  publishedForm,
  pupilsOfHouseholds,
  schoolsOfMunicipality,
} from './form.queries.ts'
import { fieldsOf, type KnownData } from './form.ts'

export type FormDraft = {
  id: string
  revision: number
  answers: FormAnswers
  updatedAt: Date
  documents: (FillFacts['documents'][number] & { size: number })[]
}

/** What one's own family has begun to write in a form; null when nothing. Drafts are their author's alone. */
export async function ownDraft(
  trx: Trx,
  viewer: Viewer,
  formId: string,
  householdId: string,
  options: { lock?: boolean } = {},
): Promise<FormDraft | null> {
  const { rows } = await sql<Omit<FormDraft, 'documents'>>`
    select id, revision, answers, updated_at as "updatedAt" from form_draft
    where municipality_id = ${viewer.municipalityId} and form_id = ${formId}::uuid and person_id = ${viewer.personId}
      and household_id = ${householdId}::uuid ${options.lock ? sql`for update` : sql``}`.execute(trx)
  const draft = rows[0]
  if (options.lock) await reenterScope(trx)
  if (!draft) return null
  return { ...draft, documents: await documentsOfDraft(trx, viewer.municipalityId, draft.id) }
}

/** The documents of a draft, in the order in which they came. */
export const documentsOfDraft = (
  trx: Trx,
  municipalityId: string,
  draftId: string,
): Promise<FormDraft['documents']> =>
  trx
    .selectFrom('form_document')
    .select(['id', 'field', 'name', 'media_type as mediaType', 'size'])
    .where('municipality_id', '=', municipalityId)
    .where('draft_id', '=', draftId)
    .orderBy('id')
    .execute()

/** Everything that filling in one form needs. */
export type FormToFill = {
  form: PublishedForm
  household: { id: string; name: string }
  /** Every household in which the viewer may fill it in. */
  households: { id: string; name: string }[]
  draft: FormDraft | null
  facts: FillFacts
  known: Record<KnownData, string>
}

/**
 * A form for one household of the viewer; the first one unless said. Null where there is no such form or household, where
 * the form is not for it, and for a viewer who is not a holder.
 */
export async function formToFill(
  viewer: Viewer,
  formId: string,
  householdId: string | null,
): Promise<FormToFill | null> {
  if (!isUuid(formId) || (householdId !== null && !isUuid(householdId))) return null
  const held = fillingHouseholds(viewer)
  if (!allowedToFamily(viewer, 'forms:fill') || (householdId !== null && !held.includes(householdId)))
    return null
  return readAsFamily(viewer, (trx) => readFormToFill(trx, viewer, formId, householdId))
}

/** The same inside a transaction of the family. */
export async function readFormToFill(
  trx: Trx,
  viewer: Viewer,
  formId: string,
  householdId: string | null,
  options: { lock?: boolean } = {},
): Promise<FormToFill | null> {
  const { municipalityId } = viewer
  const [form, pupils, schools, households, known] = await Promise.all([
    publishedForm(trx, municipalityId, formId),
    pupilsOfHouseholds(trx, municipalityId, fillingHouseholds(viewer)),
    schoolsOfMunicipality(trx, municipalityId),
    trx
      .selectFrom('household')
      .select(['id', 'name'])
      .where('municipality_id', '=', municipalityId)
      .where('id', 'in', fillingHouseholds(viewer))
      .orderBy('name')
      .execute(),
    knownData(trx, viewer),
  ])
  if (!form || form.state === 'scheduled') return null
  const possible = households.filter(
    ({ id }) =>
      isOpenTo(form, isApplicant(viewer, id)) &&
      isForHousehold(
        form.definition,
        pupils.filter((pupil) => pupil.householdId === id),
      ),
  )
  const household = householdId ? possible.find(({ id }) => id === householdId) : possible[0]
  if (!household) return null
  const draft = await ownDraft(trx, viewer, formId, household.id, options)
  const own = pupils.filter((pupil) => pupil.householdId === household.id)
  return {
    form,
    household,
    households: possible,
    draft,
    facts: {
      pupils: eligiblePupils(form.definition, own),
      schools,
      documents: draft?.documents ?? [],
    },
    known,
  }
}

async function knownData(trx: Trx, viewer: Viewer): Promise<Record<KnownData, string>> {
  const person = await trx
    .selectFrom('person')
    .select(['email', 'phone', 'street', 'postcode', 'city', 'province'])
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', viewer.personId)
    .executeTakeFirstOrThrow()
  const place = [person.postcode, person.city, person.province && `(${person.province})`].filter(Boolean)
  return {
    name: viewer.name,
    email: person.email ?? '',
    phone: person.phone ?? '',
    address: [person.street, place.join(' ')].filter(Boolean).join(', '),
  }
}

/** The answers of a draft, with what the portal knows in the fields that were not touched. */
export function answersToStartFrom({ form, draft, known, facts }: FormToFill): FormAnswers {
  const answers: Record<string, FormAnswers[string]> = {}
  for (const field of fieldsOf(form.definition)) {
    const only =
      field.kind === 'pupil' && !field.allowNew && facts.pupils.length === 1 ? facts.pupils[0]?.id : ''
    const proposed = field.known ? known[field.known] : (only ?? '')
    if (proposed) answers[field.id] = proposed
  }
  return { ...answers, ...draft?.answers }
}
