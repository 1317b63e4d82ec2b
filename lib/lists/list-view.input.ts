import * as z from 'zod'
import { LONGEST_QUERY } from './list-view.ts'

/** The form that keeps the view of a page under a name. */
export const keepViewInput = z.object({
  list: z.string().max(40),
  query: z.string().max(LONGEST_QUERY),
  name: z.string('Scrivi un nome.').trim().min(1, 'Scrivi un nome.').max(60, 'Al massimo 60 caratteri.'),
})

/** The form that takes a kept view away. */
export const dropViewInput = z.object({
  list: z.string().max(40),
  query: z.string().max(LONGEST_QUERY),
  id: z.uuid(),
})

/** The rows that were chosen on a page, or all that its query finds. */
export const chosenRowsInput = z.object({
  query: z.string().max(LONGEST_QUERY),
  all: z.literal('1').optional(),
  chosen: z.array(z.uuid()).max(1_000).default([]),
})
