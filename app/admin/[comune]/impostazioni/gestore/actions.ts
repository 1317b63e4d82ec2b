'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { changeSupplier, previewSupplier } from '#lib/invoices/office/supplier.commands.ts'
import { supplierInput } from '#lib/invoices/office/supplier.input.ts'
import { ok } from '#lib/kernel/result.ts'

/** Changes the data of the supplier: the first press shows what would happen, the second, with what was shown, does it. */
export const saveSupplier = staffAction({
  capability: 'supplier:manage',
  fresh: true,
  input: supplierInput,
  run: async (viewer, { intent, revision, fingerprint, ...asked }, municipalitySlug) => {
    if (intent === 'preview' || fingerprint === '') {
      const preview = await previewSupplier(viewer, asked, revision)
      return preview.ok ? ok({ ...preview.value, typed: asked }) : preview
    }
    const done = await changeSupplier(viewer, asked, { revision, fingerprint })
    if (!done.ok) return done
    redirect(`/admin/${municipalitySlug}/impostazioni/gestore?fatto=salvati`)
  },
})
