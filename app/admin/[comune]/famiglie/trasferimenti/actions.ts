'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'
import {
  previewArrivalRefusal,
  previewTransfer,
  previewWithdrawal,
  refuseArrival,
  sendTransfer,
  withdrawTransfer,
} from '#lib/people/office/transfer.commands.ts'
import { arrivalRefusalInput, transferInput, withdrawalInput } from '#lib/people/office/transfer.input.ts'

const yesOrNo = (answer: boolean): string => (answer ? 'si' : 'no')

/** The first press shows what handing pupils over to another municipality would do; the second does exactly that. */
export const send = staffAction({
  capability: 'transfers:send',
  fresh: true,
  input: transferInput,
  run: async (viewer, { intent, seen, ...asked }, municipalitySlug) => {
    if (intent === 'confirm' && seen) {
      const done = await sendTransfer(viewer, asked, { seen })
      if (!done.ok) return done
      redirect(`/admin/${municipalitySlug}/famiglie/trasferimenti/${done.value.id}?fatto=mandato`)
    }
    const preview = await previewTransfer(viewer, asked)
    if (!preview.ok) return preview
    const { toId, pupilId, last, withDiets, reason } = asked
    return ok({
      lines: preview.value.lines,
      seen: { seen: preview.value.seen },
      typed: { toId, pupilId: pupilId ?? '', last, withDiets: yesOrNo(withDiets), reason },
    })
  },
})

/** The same two presses for closing a transfer that is not accepted. */
export const withdraw = staffAction({
  capability: 'transfers:send',
  input: withdrawalInput,
  run: async (viewer, { intent, seen, reason, ...asked }, municipalitySlug) => {
    if (intent === 'confirm' && seen) {
      const done = await withdrawTransfer(viewer, asked, { seen, reason })
      if (!done.ok) return done
      redirect(`/admin/${municipalitySlug}/famiglie/trasferimenti/${asked.id}?fatto=chiuso`)
    }
    const preview = await previewWithdrawal(viewer, asked)
    if (!preview.ok) return preview
    return ok({
      lines: preview.value.lines,
      seen: { seen: preview.value.seen },
      typed: { restore: yesOrNo(asked.restore), reason },
    })
  },
})

/** And for refusing what another municipality hands over. */
export const refuse = staffAction({
  capability: 'transfers:receive',
  input: arrivalRefusalInput,
  run: async (viewer, { intent, seen, id, reason }, municipalitySlug) => {
    if (intent === 'confirm' && seen) {
      const done = await refuseArrival(viewer, { id, seen, reason })
      if (!done.ok) return done
      redirect(`/admin/${municipalitySlug}/famiglie/trasferimenti/${id}?fatto=rifiutato`)
    }
    const preview = await previewArrivalRefusal(viewer, id)
    if (!preview.ok) return preview
    return ok({ lines: preview.value.lines, seen: { seen: preview.value.seen }, typed: { reason } })
  },
})
