'use server'

import { redirect } from 'next/navigation'
import { saveNotices } from '#lib/desk/work-notice.commands.ts'
import { workNoticeInput } from '#lib/desk/work-notice.input.ts'
import { staffAction } from '#lib/entry/action.request.ts'

export const save = staffAction({
  capability: 'work:read',
  input: workNoticeInput,
  run: async (viewer, { email, digest, urgent }, municipalitySlug) => {
    const saved = await saveNotices(viewer, {
      email,
      digestHour: digest === 'mai' ? null : Number(digest),
      isUrgent: urgent === 'si',
    })
    return saved.ok ? redirect(`/admin/${municipalitySlug}/avvisi?fatto=scelti`) : saved
  },
})
