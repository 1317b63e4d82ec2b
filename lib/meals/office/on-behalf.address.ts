import type { Month } from '#lib/kernel/day.ts'

/** Where the office changes the meals of a pupil for the family that asks. */

const base = (municipalitySlug: string): string => `/admin/${municipalitySlug}/famiglie`

export const officeCalendarPath = (municipalitySlug: string, pupilId: string, month?: Month): string =>
  `${base(municipalitySlug)}/pasti/${pupilId}${month ? `?mese=${month}` : ''}`

export const officePreviewPath = (municipalitySlug: string, pupilId: string): string =>
  `${officeCalendarPath(municipalitySlug, pupilId)}/anteprima`

/** Up to the day. */
export const officeDaysPath = (municipalitySlug: string, pupilId: string): string =>
  `${officeCalendarPath(municipalitySlug, pupilId)}/giorno/`

export const officeReceiptPath = (municipalitySlug: string, receiptId: string): string =>
  `${base(municipalitySlug)}/ricevute/${receiptId}`

export const officeMealsApi = (municipalitySlug: string): string => `/api/${municipalitySlug}/ufficio/pasti`

/** The fields of a form that say how the family asked, and what the colleague noted. */
export const CONTACT_FIELD = 'contatto'
export const NOTE_FIELD = 'nota'
