/** The acts of the office on the enrolments of a pupil, as the register keeps them: the last one may have a way back. */
export const ENROLMENT_CHANGES = [
  'enrolments.moved',
  'enrolments.ended',
  'enrolments.weekdays',
  'enrolments.households',
] as const
