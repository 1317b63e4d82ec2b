import { readFileSync } from 'node:fs'
import type { Viewer } from '#lib/access/viewer.ts'
import type { FormAnswer } from '#lib/forms/conditions.ts'
import type { FormKind } from '#lib/forms/form.ts'
import { saveStep } from '#lib/forms/form-draft.commands.ts'
import { formToFill } from '#lib/forms/form-draft.queries.ts'
import {
  closeForm,
  createForm,
  editForm,
  type OnScreen,
  publishForm,
} from '#lib/forms/office/form.commands.ts'
import { builtForm } from '#lib/forms/office/form.queries.ts'
import type { Edit } from '#lib/forms/office/form-edit.ts'
import { sendDraft } from '#lib/forms/submission.commands.ts'
import type { Result } from '#lib/kernel/result.ts'
import type { Household } from './factories.ts'

/** What the office and families do with online forms, for tests that are about what comes next. */
export function done<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.code} ${JSON.stringify(result.details ?? {})}`)
  return result.value
}

export const code = (result: Result<unknown>): string => (result.ok ? 'accepted' : result.code)

export async function onScreen(clerk: Viewer, formId: string): Promise<OnScreen> {
  const form = await builtForm(clerk, formId)
  if (!form) throw new Error('no such form')
  return { formId, number: form.latest.number, revision: form.latest.revision }
}

export async function change(clerk: Viewer, formId: string, edit: Edit): Promise<void> {
  done(await editForm(clerk, await onScreen(clerk, formId), edit))
}

export type WindowGiven = { opensAt?: string; closesAt?: string; yearId?: string }

/** A ready-made form, published; open from the start of September unless said. */
export async function aForm(clerk: Viewer, kind: FormKind, window: WindowGiven = {}): Promise<string> {
  const { id } = done(await createForm(clerk, kind))
  const form = await builtForm(clerk, id)
  if (!form) throw new Error('no such form')
  const { title, intro, once, schoolIds, classIds } = form.latest.definition
  const settings = { title: title || 'Bando', intro, once, schoolIds, classIds }
  done(
    await editForm(
      clerk,
      await onScreen(clerk, id),
      { do: 'settings', settings },
      {
        yearId: window.yearId ?? form.latest.yearId,
        opensAt: new Date(window.opensAt ?? '2026-09-01T00:00:00+02:00'),
        closesAt: window.closesAt ? new Date(window.closesAt) : null,
      },
    ),
  )
  done(await publishForm(clerk, await onScreen(clerk, id)))
  return id
}

export const close = async (clerk: Viewer, formId: string): Promise<void> => {
  done(await closeForm(clerk, formId, 'Posti esauriti'))
}

export const aPdf = (name = 'certificato.pdf'): File => new File(['%PDF-1.4\nprova'], name)
export const aPicture = (): File => new File([new Uint8Array(readFileSync('app/apple-icon.png'))], 'foto.png')

type Typed = Record<string, Record<string, FormAnswer | File>>

/** Fills a form in, step by step, as a family does. @returns the draft's id, revision and version, ready to be sent */
export async function fill(household: Household, formId: string, typed: Typed) {
  const viewer = household.holderViewer
  for (const [stepId, values] of Object.entries(typed)) {
    const found = await formToFill(viewer, formId, household.householdId)
    const entries = Object.entries(values)
    const outcome = done(
      await saveStep(viewer, {
        formId,
        householdId: household.householdId,
        stepId,
        revision: found?.draft?.revision ?? 0,
        typed: Object.fromEntries(entries.filter(([, value]) => !(value instanceof File))) as Record<
          string,
          FormAnswer
        >,
        files: entries.flatMap(([field, value]) => (value instanceof File ? [{ field, file: value }] : [])),
        removed: [],
      }),
    )
    if (Object.keys(outcome.problems).length > 0) throw new Error(JSON.stringify(outcome.problems))
  }
  const found = await formToFill(viewer, formId, household.householdId)
  if (!found?.draft) throw new Error('no draft')
  return {
    formId,
    householdId: household.householdId,
    draftId: found.draft.id,
    revision: found.draft.revision,
    version: found.form.version,
  }
}

export const DECLARED = { dichiarazioni: { vero: 'si', privacy: 'si' } }

export const healthDiet = (pupilId: string): Typed => ({
  figlio: { alunno: pupilId, motivo: 'salute' },
  salute: { certificato: aPdf(), allergie: 'Glutine', grave: 'no' },
  ...DECLARED,
})

export const ethicalDiet = (pupilId: string, from = ''): Typed => ({
  figlio: { alunno: pupilId, motivo: 'etica', dal: from },
  scelta: { quale: 'vegetariana' },
  ...DECLARED,
})

export const reducedFare = (pupilId: string): Typed => ({
  isee: { alunno: pupilId, valore: '7450,20', scadenza: '2026-12-31', attestazione: aPdf('isee.pdf') },
  ...DECLARED,
})

export const leaving = (pupilId: string, lastDay: string): Typed => ({
  rinuncia: { alunno: pupilId, 'ultimo-giorno': lastDay, motivo: 'casa', conferma: 'si' },
})

/** Fills in and sends. @returns the id of the request */
export async function send(household: Household, formId: string, typed: Typed): Promise<string> {
  const request = await fill(household, formId, typed)
  return done(await sendDraft(household.holderViewer, request)).submissionId
}
