import { phrase } from '#lib/words/language.ts'
/** The position of each point, as its button says it. */
export const POINT_PLACES = [
  phrase('in alto a sinistra'),
  phrase('in alto al centro'),
  phrase('in alto a destra'),
  phrase('al centro a sinistra'),
  phrase('al centro'),
  phrase('al centro a destra'),
  phrase('in basso a sinistra'),
  phrase('in basso al centro'),
  phrase('in basso a destra'),
] as const
