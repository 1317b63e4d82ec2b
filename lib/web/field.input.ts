import * as z from 'zod'

/** A line of text without spaces at its ends, at most `max` characters. */
export const textLine = (max: number) => z.string().trim().max(max)

/** A checkbox: ticked or not. */
export const tickBox = z.literal('on').optional().transform(Boolean)

/** A day and hour as the browser's own field sends it; empty when none was chosen. */
export const momentText = z.string().max(40).default('')

/** A day and hour that is stored: empty takes it away, and a field that was not sent changes nothing. */
export const storedMoment = z.string().max(40)

/** The id of the record that a form changes; null for a new one. */
export const idOrNone = z.union([z.uuid(), z.literal('').transform(() => null)])

/** The id of the record that a button acts on. */
export const onlyId = z.object({ id: z.uuid() })
