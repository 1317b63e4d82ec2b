'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'
import {
  decideRefund,
  keepFamily,
  previewRefund,
  takeRefund,
} from '#lib/ledger/office/refund-case.commands.ts'
import {
  decideRefundInput,
  refundReturnInput,
  takeRefundInput,
} from '#lib/ledger/office/refund-case.input.ts'

export const take = staffAction({
  capability: 'money:adjust',
  input: takeRefundInput,
  run: async (viewer, asked, municipalitySlug) => {
    const taken = await takeRefund(viewer, asked)
    return taken.ok ? redirect(`/admin/${municipalitySlug}/rimborsi/${asked.id}?fatto=preso`) : taken
  },
})

/** The first press shows what the decision says; the second writes exactly that. */
export const decide = staffAction({
  capability: 'money:adjust',
  input: decideRefundInput,
  run: async (viewer, { intent, seen, ...asked }, municipalitySlug) => {
    if (intent === 'confirm' && seen) {
      const decided = await decideRefund(viewer, { ...asked, seen })
      return decided.ok ? redirect(`/admin/${municipalitySlug}/rimborsi?fatto=deciso`) : decided
    }
    const preview = await previewRefund(viewer, asked)
    if (!preview.ok) return preview
    const { decision, targetId, reason } = asked
    return ok({
      lines: preview.value.lines,
      seen: { seen: preview.value.seen },
      typed: { decision, targetId: targetId ?? '', reason },
    })
  },
})

export const comesBack = staffAction({
  capability: 'money:adjust',
  input: refundReturnInput,
  run: async (viewer, asked, municipalitySlug) => {
    const closed = await keepFamily(viewer, asked)
    return closed.ok ? redirect(`/admin/${municipalitySlug}/rimborsi?fatto=chiuso`) : closed
  },
})
