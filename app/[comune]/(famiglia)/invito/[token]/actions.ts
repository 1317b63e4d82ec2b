'use server'

import { citizenAction } from '#lib/entry/action.request.ts'
import { answerInvitation } from '#lib/people/delegate.commands.ts'
import { invitationAnswerInput } from '#lib/people/invitation.input.ts'

export const answer = citizenAction({
  input: invitationAnswerInput,
  budget: { none: 'an invitation is answered once' },
  run: (session, { token, answer: choice }, municipalitySlug) =>
    answerInvitation(session, municipalitySlug, { token, accept: choice === 'accetto' }),
})
