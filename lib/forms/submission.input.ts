import * as z from 'zod'

const form = { formId: z.uuid(), householdId: z.uuid(), famiglia: z.string().optional() }

export const stepInput = z.looseObject({
  ...form,
  stepId: z.string().max(60),
  revision: z.coerce.number().int().min(0),
  togli: z.array(z.uuid()).default([]),
  torna: z.string().optional(),
  dopo: z.string().optional(),
})

export const sendSubmissionInput = z.object({
  ...form,
  draftId: z.uuid(),
  revision: z.coerce.number().int().min(0),
  version: z.coerce.number().int().min(1),
})

export const discardSubmissionInput = z.object(form)

export const answerSubmissionInput = z.object({
  submissionId: z.uuid(),
  words: z.string().trim().max(2_000).default(''),
  files: z.array(z.file()).default([]),
})

export const withdrawSubmissionInput = z.object({ submissionId: z.uuid() })
