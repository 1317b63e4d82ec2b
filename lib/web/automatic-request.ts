/**
 * Marks a request that an open page makes by itself, without a person: it is no use of the session, so that a page left open
 * on a counter ends its session like any other. A caller who sends it only ends the own session sooner.
 */
export const AUTOMATIC_HEADER = 'x-refettorio-automatic'
