'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { enterClosure, undoClosure } from '#lib/school/office/closure.commands.ts'
import { closureInput, undoClosureInput } from '#lib/school/office/closure.input.ts'

/** Confirms the preview of a closure: its sums come back with it, and a difference sends the office to read again. */
export const confirmClosure = staffAction({
  capability: 'calendar:manage',
  input: closureInput,
  run: async (viewer, { meals, refundCents, ...asked }, municipalitySlug) => {
    const done = await enterClosure(viewer, { ...asked, expected: { meals, refundCents } })
    // What was previewed is no longer so: the page reads it again, a colleague's closure in the place of this one.
    if (!done.ok) revalidatePath(`/admin/${municipalitySlug}/calendario`)
    return done
  },
})

/** Confirms the preview of an undoing, as that of a closure. */
export const confirmUndoing = staffAction({
  capability: 'calendar:manage',
  input: undoClosureInput,
  run: async (viewer, { schools, meals, chargeCents, ...asked }, municipalitySlug) => {
    const done = await undoClosure(viewer, { ...asked, expected: { schools, meals, chargeCents } })
    if (!done.ok) {
      revalidatePath(`/admin/${municipalitySlug}/calendario/annulla`)
      return done
    }
    redirect(`/admin/${municipalitySlug}/calendario?fatto=annullata`)
  },
})
