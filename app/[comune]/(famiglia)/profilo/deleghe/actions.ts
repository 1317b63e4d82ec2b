'use server'

import { revalidatePath } from 'next/cache'
import { familyAction } from '#lib/entry/action.request.ts'
import {
  inviteDelegate,
  leaveDelegation,
  revokeDelegate,
  withdrawInvitation,
} from '#lib/people/delegate.commands.ts'
import { delegationInput, invitationToWithdrawInput } from '#lib/people/delegate.input.ts'
import { invitationInput } from '#lib/people/invitation.input.ts'

const page = (municipalitySlug: string) => `/${municipalitySlug}/profilo/deleghe`

export const invite = familyAction({
  capability: 'household:manage',
  fresh: true,
  input: invitationInput,
  budget: ['delegates:invite', { act: 'delegates:invite-address', of: ({ email }) => email }],
  run: async (viewer, request, municipalitySlug) => {
    const invited = await inviteDelegate(viewer, request, municipalitySlug)
    if (invited.ok) revalidatePath(page(municipalitySlug))
    return invited
  },
})

export const revoke = familyAction({
  capability: 'household:manage',
  input: delegationInput,
  budget: 'own:change',
  run: async (viewer, { memberId }, municipalitySlug) => {
    const revoked = await revokeDelegate(viewer, memberId)
    if (revoked.ok) revalidatePath(page(municipalitySlug))
    return revoked
  },
})

export const withdraw = familyAction({
  capability: 'household:manage',
  input: invitationToWithdrawInput,
  budget: 'own:change',
  run: async (viewer, { invitationId }, municipalitySlug) => {
    const withdrawn = await withdrawInvitation(viewer, invitationId)
    if (withdrawn.ok) revalidatePath(page(municipalitySlug))
    return withdrawn
  },
})

export const leave = familyAction({
  capability: 'delegation:leave',
  input: delegationInput,
  budget: 'own:change',
  run: (viewer, { memberId }) => leaveDelegation(viewer, memberId),
})
