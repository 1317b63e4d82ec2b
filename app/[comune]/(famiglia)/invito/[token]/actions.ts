'use server'

import * as z from 'zod'
import { citizenAction } from '#lib/entry/action.request.ts'
import { answerInvitation } from '#lib/people/delegate.commands.ts'
import { phrase } from '#lib/words/language.ts'

export const answer = citizenAction({
  input: z.object({
    token: z.string().max(64),
    answer: z.enum(['accetto', 'rifiuto'], phrase('Scegli se accettare o rifiutare.')),
  }),
  run: (session, { token, answer: choice }, municipalitySlug) =>
    answerInvitation(session, municipalitySlug, { token, accept: choice === 'accetto' }),
})
