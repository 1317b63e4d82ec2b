/** Where each point stands, as its button says it. */
export const POINT_PLACES = [
  'in alto a sinistra',
  'in alto al centro',
  'in alto a destra',
  'al centro a sinistra',
  'al centro',
  'al centro a destra',
  'in basso a sinistra',
  'in basso al centro',
  'in basso a destra',
] as const
