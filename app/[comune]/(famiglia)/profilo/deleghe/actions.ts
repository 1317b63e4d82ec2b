'use server'

import { revalidatePath } from 'next/cache'
import * as z from 'zod'
import { familyAction } from '#lib/entry/action.ts'
import {
  inviteDelegate,
  leaveDelegation,
  revokeDelegate,
  withdrawInvitation,
} from '#lib/people/delegate.commands.ts'
import { typedInvitation } from '#lib/people/invitation.input.ts'

const page = (comune: string) => `/${comune}/profilo/deleghe`

export const invite = familyAction({
  capability: 'household:manage',
  fresh: true,
  input: typedInvitation,
  run: async (viewer, request, comune) => {
    const invited = await inviteDelegate(viewer, request, comune)
    if (invited.ok) revalidatePath(page(comune))
    return invited
  },
})

export const revoke = familyAction({
  capability: 'household:manage',
  input: z.object({ memberId: z.uuid() }),
  run: async (viewer, { memberId }, comune) => {
    const revoked = await revokeDelegate(viewer, memberId)
    if (revoked.ok) revalidatePath(page(comune))
    return revoked
  },
})

export const withdraw = familyAction({
  capability: 'household:manage',
  input: z.object({ invitationId: z.uuid() }),
  run: async (viewer, { invitationId }, comune) => {
    const withdrawn = await withdrawInvitation(viewer, invitationId)
    if (withdrawn.ok) revalidatePath(page(comune))
    return withdrawn
  },
})

export const leave = familyAction({
  capability: 'delegation:leave',
  input: z.object({ memberId: z.uuid() }),
  run: (viewer, { memberId }) => leaveDelegation(viewer, memberId),
})
