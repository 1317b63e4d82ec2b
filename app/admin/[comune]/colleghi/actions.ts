'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok, type Result } from '#lib/kernel/result.ts'
import {
  type ColleagueAnswer,
  endColleagueRole,
  giveColleagueRoles,
  inviteColleague,
} from '#lib/people/office/colleague.commands.ts'
import { typedEnd, typedInvite, typedRoles } from '#lib/people/office/colleague.fields.ts'
import { colleagueInput, colleagueRoleInput, roleEndInput } from '#lib/people/office/colleague.input.ts'

const capability = 'staff:manage'

/** What would happen, with what was typed, for the second press; or on to the colleague's page, where the browser's *reload* repeats nothing. */
function answered(
  result: Result<ColleagueAnswer>,
  typed: Record<string, string>,
  path: (personId: string) => string,
) {
  if (!result.ok) return result
  if ('preview' in result.value) return ok({ preview: { ...result.value.preview, typed } })
  redirect(path(result.value.personId))
}

const pageOf = (municipalitySlug: string, personId: string, done: string) =>
  `/admin/${municipalitySlug}/colleghi/${personId}?fatto=${done}`

/** Gives a person roles in the office, by fiscal code. */
export const invite = staffAction({
  capability,
  fresh: true,
  input: colleagueInput,
  run: async (viewer, request, municipalitySlug) =>
    answered(await inviteColleague(viewer, request, municipalitySlug), typedInvite(request), (personId) =>
      pageOf(municipalitySlug, personId, request.email ? 'invitato-con-messaggio' : 'invitato'),
    ),
})

/** Gives a colleague more roles. */
export const giveRoles = staffAction({
  capability,
  fresh: true,
  input: colleagueRoleInput,
  run: async (viewer, request, municipalitySlug) =>
    answered(await giveColleagueRoles(viewer, request), typedRoles(request), (personId) =>
      pageOf(municipalitySlug, personId, 'dato'),
    ),
})

/** Ends a role of a colleague, or changes its end. Who ends the own role as manager goes on to what is left. */
export const endRole = staffAction({
  capability,
  fresh: true,
  input: roleEndInput,
  run: async (viewer, request, municipalitySlug) =>
    answered(await endColleagueRole(viewer, request), typedEnd(request), (personId) =>
      personId === viewer.personId
        ? `/admin/${municipalitySlug}`
        : pageOf(municipalitySlug, personId, request.asked.end === 'now' ? 'tolto' : 'fine'),
    ),
})
