import * as z from 'zod'

export const delegationInput = z.object({ memberId: z.uuid() })

export const invitationToWithdrawInput = z.object({ invitationId: z.uuid() })
