'use server'

import { revalidatePath } from 'next/cache'
import * as z from 'zod'
import { familyAction } from '#lib/entry/action.request.ts'
import {
  inviteDelegate,
  leaveDelegation,
  revokeDelegate,
  withdrawInvitation,
} from '#lib/people/delegate.commands.ts'
import { invitationInput } from '#lib/people/invitation.input.ts'

const page = (municipalitySlug: string) => `/${municipalitySlug}/profilo/deleghe`

export const invite = familyAction({
  capability: 'household:manage',
  fresh: true,
  input: invitationInput,
  run: async (viewer, request, municipalitySlug) => {
    const invited = await inviteDelegate(viewer, request, municipalitySlug)
    if (invited.ok) revalidatePath(page(municipalitySlug))
    return invited
  },
})

export const revoke = familyAction({
  capability: 'household:manage',
  input: z.object({ memberId: z.uuid() }),
  run: async (viewer, { memberId }, municipalitySlug) => {
    const revoked = await revokeDelegate(viewer, memberId)
    if (revoked.ok) revalidatePath(page(municipalitySlug))
    return revoked
  },
})

export const withdraw = familyAction({
  capability: 'household:manage',
  input: z.object({ invitationId: z.uuid() }),
  run: async (viewer, { invitationId }, municipalitySlug) => {
    const withdrawn = await withdrawInvitation(viewer, invitationId)
    if (withdrawn.ok) revalidatePath(page(municipalitySlug))
    return withdrawn
  },
})

export const leave = familyAction({
  capability: 'delegation:leave',
  input: z.object({ memberId: z.uuid() }),
  run: (viewer, { memberId }) => leaveDelegation(viewer, memberId),
})
