import { sql } from 'kysely'
import type { Viewer } from '#lib/access/viewer.ts'
import type { FormAnswer } from '#lib/forms/conditions.ts'
import type { FormKind } from '#lib/forms/form.ts'
import { saveStep } from '#lib/forms/form-draft.commands.ts'
import { formToFill } from '#lib/forms/form-draft.queries.ts'
import { acceptSubmission, previewAcceptance } from '#lib/forms/office/acceptance.commands.ts'
import { createForm, editForm, publishForm } from '#lib/forms/office/form.commands.ts'
import { builtForm } from '#lib/forms/office/form.queries.ts'
import { askIntegration, rejectSubmission, takeSubmission } from '#lib/forms/office/submission.commands.ts'
import { reviewOf } from '#lib/forms/office/submission.queries.ts'
import { sendDraft } from '#lib/forms/submission.commands.ts'
import { addDays, type Day, instantInRome } from '#lib/kernel/day.ts'
import type { Result } from '#lib/kernel/result.ts'
import type { Db } from '../client.ts'
import type { DemoHousehold, DemoMunicipality } from './municipality.ts'

function done<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`the demonstration was refused: ${result.code}`)
  return result.value
}

type Moment = { now: Date; today: Day; since: Day }
type Typed = Record<string, Record<string, FormAnswer | File>>

/** An empty scan, to have a file to download. */
const paper = (name: string): File =>
  new File(
    [
      '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
    ],
    name,
  )

const declared = { dichiarazioni: { vero: 'si', privacy: 'si' } }

/**
 * The forms of the office, as of today: diets and reductions open all the year, enrolment in its coming window, and a few
 * requests in several states.
 * @param atClock stops the database's clock at an instant
 */
export async function seedForms(
  owner: Db,
  municipality: DemoMunicipality,
  households: readonly DemoHousehold[],
  { now, today, since }: Moment,
  atClock: (instant: Date) => Promise<unknown>,
): Promise<void> {
  const { municipalityId } = municipality
  const clerk = await clerkOf(owner, municipalityId)
  const daysAgo = (days: number, time: string) => atClock(instantInRome(addDays(today, -days), time))

  await daysAgo(50, '08:30')
  const diet = await open(clerk, 'diet', { opensAt: instantInRome(since, '00:00'), closesAt: null })
  const fare = await open(clerk, 'fare', { opensAt: instantInRome(since, '00:00'), closesAt: null })
  await open(clerk, 'withdrawal', { opensAt: instantInRome(since, '00:00'), closesAt: null })
  await open(clerk, 'enrolment', {
    opensAt: instantInRome(addDays(today, 45), '08:00'),
    closesAt: instantInRome(addDays(today, 75), '12:00'),
  })

  const [albertini, diallo, ...others] = households
  if (!albertini || !diallo) throw new Error('the demonstration has no families')
  const at = (index: number): DemoHousehold => others[index] ?? diallo

  await daysAgo(21, '21:12')
  const accepted = await send(municipalityId, at(2), diet, {
    figlio: { alunno: at(2).pupilIds[0] as string, motivo: 'etica' },
    scelta: { quale: 'senza-maiale' },
    ...declared,
  })
  await daysAgo(9, '18:40')
  const rejected = await send(municipalityId, at(4), fare, {
    isee: {
      alunno: at(4).pupilIds[0] as string,
      valore: '18200',
      scadenza: addDays(today, 20),
      attestazione: paper('isee.pdf'),
    },
    ...declared,
  })
  await daysAgo(6, '07:55')
  const asked = await send(municipalityId, albertini, fare, {
    isee: {
      alunno: albertini.pupilIds[0] as string,
      valore: '11350,40',
      scadenza: addDays(today, 37),
      attestazione: paper('attestazione-isee.pdf'),
    },
    ...declared,
  })
  await daysAgo(3, '12:20')
  const taken = await send(municipalityId, at(7), diet, {
    figlio: { alunno: at(7).pupilIds[0] as string, motivo: 'salute' },
    salute: { certificato: paper('certificato.pdf'), allergie: 'Latte e derivati', grave: 'no' },
    ...declared,
  })
  await daysAgo(1, '20:05')
  await send(municipalityId, at(10), diet, {
    figlio: { alunno: at(10).pupilIds[0] as string, motivo: 'salute' },
    salute: { certificato: paper('pediatra.pdf'), allergie: 'Frutta a guscio', grave: 'si' },
    ...declared,
  })
  await send(municipalityId, at(13), fare, {
    isee: {
      alunno: at(13).pupilIds[0] as string,
      valore: '5400',
      scadenza: addDays(today, 90),
      attestazione: paper('isee.pdf'),
    },
    ...declared,
  })

  await atClock(now)
  done(await takeSubmission(clerk, taken))
  done(await takeSubmission(clerk, asked))
  done(
    await askIntegration(clerk, {
      id: asked,
      words: 'Nell’attestazione manca la seconda pagina, con le firme. Puoi caricarla qui?',
      dueOn: addDays(today, 10),
    }),
  )
  done(
    await rejectSubmission(clerk, {
      id: rejected,
      reason: 'Il valore dell’ISEE è sopra la soglia di 12.000 euro.',
    }),
  )
  await accept(clerk, diet, accepted)
}

/** From tomorrow at the earliest: what is counted today stays as it is. */
async function accept(clerk: Viewer, formId: string, id: string): Promise<void> {
  const review = await reviewOf(clerk, formId, id)
  if (!review) throw new Error('the demonstration’s request is gone')
  const typed = { ...review.proposed, dietCode: 'E01', from: addDays(review.facts.firstDay, 1) }
  const { seen } = done(await previewAcceptance(clerk, id, typed))
  done(await acceptSubmission(clerk, { id, typed, seen, after: '', note: '' }))
}

async function open(
  clerk: Viewer,
  kind: FormKind,
  window: { opensAt: Date; closesAt: Date | null },
): Promise<string> {
  const { id } = done(await createForm(clerk, kind))
  const at = async () => {
    const form = await builtForm(clerk, id)
    if (!form) throw new Error('the demonstration’s form is gone')
    return { form, screen: { formId: id, number: form.latest.number, revision: form.latest.revision } }
  }
  const { form, screen } = await at()
  const { title, intro, once, schoolIds, classIds } = form.latest.definition
  const settings = { title, intro, once, schoolIds, classIds }
  done(await editForm(clerk, screen, { do: 'settings', settings }, { ...window, yearId: form.latest.yearId }))
  done(await publishForm(clerk, (await at()).screen))
  return id
}

async function send(
  municipalityId: string,
  family: DemoHousehold,
  formId: string,
  typed: Typed,
): Promise<string> {
  const { householdId } = family
  const viewer: Viewer = {
    municipalityId,
    personId: family.holderId,
    citizenId: family.holderId,
    sessionId: family.holderId,
    name: `${family.family.holder.givenName} ${family.family.holder.familyName}`,
    memberships: [{ householdId, role: 'holder' }],
    staffRoles: [],
  }
  let revision = 0
  for (const [stepId, values] of Object.entries(typed)) {
    const entries = Object.entries(values)
    const saved = done(
      await saveStep(viewer, {
        formId,
        householdId,
        stepId,
        revision,
        typed: Object.fromEntries(entries.filter(([, value]) => !(value instanceof File))) as Record<
          string,
          FormAnswer
        >,
        files: entries.flatMap(([field, value]) => (value instanceof File ? [{ field, file: value }] : [])),
        removed: [],
      }),
    )
    revision = saved.revision
  }
  const draft = { formId, householdId, revision, version: 1 }
  return done(await sendDraft(viewer, { ...draft, draftId: await draftOf(viewer, draft) })).submissionId
}

async function draftOf(viewer: Viewer, { formId, householdId }: { formId: string; householdId: string }) {
  const found = await formToFill(viewer, formId, householdId)
  if (!found?.draft) throw new Error('the demonstration’s draft is gone')
  return found.draft.id
}

async function clerkOf(owner: Db, municipalityId: string): Promise<Viewer> {
  const { person_id } = await owner
    .selectFrom('staff_member')
    .select('person_id')
    .where('municipality_id', '=', municipalityId)
    .where('role', '=', 'operator')
    .executeTakeFirstOrThrow()
  const { rows } = await sql<{ id: string }>`select uuidv7() as id`.execute(owner)
  return {
    municipalityId,
    personId: person_id,
    citizenId: person_id,
    sessionId: (rows[0] as { id: string }).id,
    name: 'Ufficio mensa',
    memberships: [],
    staffRoles: ['operator'],
  }
}
