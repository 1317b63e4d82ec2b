import { oneAfterAnother } from '#lib/kernel/limits.ts'

const MOST_WAITING = 8

/** Draws one document at a time: each holds its process for some hundredths of a second, and others get their turn between two. */
export const drawInTurn = oneAfterAnother(MOST_WAITING)
